// SPDX-License-Identifier: MIT
// The header of EDF files, byte by byte.
import { expect, test } from "vitest";
import { defaultParameters } from "../../../servers/lima/parameters.ts";
import { edfBlock } from "../../../servers/lima/saving/edf.ts";
import type { FileRequest } from "../../../servers/lima/saving/format.ts";
import { defaultSaving } from "../../../servers/lima/saving/settings.ts";

test("an ASCII header padded to 1024 bytes, then the pixels", () => {
  const request: FileRequest = {
    path: "/data/f_0000.edf",
    settings: { ...defaultSaving("id00", "cam"), framesPerFile: 10, commonHeader: new Map([["sample", "LaB6; {x}"]]) },
    plan: {
      ...{ frames: 12, width: 3, height: 2, imageType: "Bpp16", parameters: { ...defaultParameters(), frames: 12 } },
      detector: { type: "Simulator", model: "Generator", pixelSize: [1e-6, 1e-6], width: 3, height: 2 },
    },
    start: new Date("2026-11-24T10:00:00.000Z"),
  };
  const frame = { index: 11, width: 3, height: 2, pixels: Uint16Array.of(1, 2, 3, 4, 5, 0xffff), time: 1.25 };
  const block = edfBlock(frame, request, new Map([["angle", "0.5"]]));
  const text = new TextDecoder().decode(block.subarray(0, 1024));
  expect(text.trimEnd().replace(/\s+\}$/, "\n}")).toBe(`{
HeaderID = EH:000002:000000:000000 ;
ByteOrder = LowByteFirst ;
DataType = UnsignedShort ;
Size = 12 ;
Dim_1 = 3 ;
Dim_2 = 2 ;
Image = 1 ;
acq_frame_nb = 11 ;
time = 2026-11-24T10:00:01.250Z ;
time_of_day = ${(Date.UTC(2026, 10, 24, 10, 0, 1, 250) / 1000).toFixed(6)} ;
time_of_frame = 1.250000 ;
acq_mode = SINGLE ;
acq_nb_frames = 12 ;
acq_expo_time = 1 ;
acq_latency_time = 0 ;
acq_trigger_mode = INTERNAL_TRIGGER ;
acq_autoexpo_mode = OFF ;
sample = LaB6_ _x_ ;
angle = 0.5 ;
}`);
  expect(text.endsWith("}\n")).toBe(true);
  expect(Buffer.from(block.subarray(1024)).toString("hex")).toBe("01000200030004000500ffff");
});
