// SPDX-License-Identifier: MIT
// The Eiger device: a Dectris detector as the camera of this server.
import { eiger } from "../../../devices/lima/eiger.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { type Eiger, openEiger } from "../simplon/eiger.ts";

/** Attributes that are ON or OFF, and the detector's words for them. */
const switches = {
  countrate_correction: "countrate_correction_applied",
  flatfield_correction: "flatfield_correction_applied",
  auto_summation: "auto_summation",
  virtual_pixel_correction: "virtual_pixel_correction_applied",
  retrigger: "retrigger",
  pixel_mask: "pixel_mask_applied",
} as const;
type Switch = keyof typeof switches;

export const eigerClass = (detector: Detector) =>
  deviceClass(eiger, async (device) => {
    const { detector_ip_address: host, http_port: port, stream_port, stream_format, api_version } = device.properties;
    if (stream_format !== "legacy" && stream_format !== "cbor")
      throw new Error(`Property stream_format is "${stream_format}": legacy or cbor is wanted`);
    const place = { host, port, version: api_version, stream: stream_format } as const;
    const options = stream_port > 0 ? { ...place, streamPort: stream_port } : place;
    const camera = await openEiger(options, { signal: device.signal });
    const { simplon } = camera;
    const connected = detector.connect("eiger", device.name, camera);
    return {
      ...switchHandlers(camera),
      detector_ip: () => host,
      api_version: () => api_version,
      temperature: async () => Number(await simplon.read("detector", "status/board_000/th0_temp")),
      humidity: async () => Number(await simplon.read("detector", "status/board_000/th0_humidity")),
      threshold_energy: energy(camera, "threshold_energy"),
      photon_energy: energy(camera, "photon_energy"),
      serie_id: () => camera.series,
      cam_status: async () => String(await simplon.read("detector", "status/state")),
      initialize: async () => void (await simplon.command("initialize", { timeout: 120_000 })),
      getAttrStringValueList: (attribute) => (attribute.toLowerCase() in switches ? ["ON", "OFF"] : []),
      [Symbol.asyncDispose]: async () => connected[Symbol.asyncDispose](),
    };
  });

function switchHandlers({ simplon }: Eiger) {
  const handlers = Object.entries(switches).map(([name, key]) => {
    const read = async () => ((await simplon.read("detector", `config/${key}`)) === true ? "ON" : "OFF");
    const write = async (text: string) => {
      const word = text.toUpperCase();
      if (word !== "ON" && word !== "OFF") throw new Error(`Wrong value ${name}: ${word}; ON or OFF is wanted`);
      await simplon.write("detector", `config/${key}`, word === "ON");
    };
    return [name, { read, write }] as const;
  });
  return Object.fromEntries(handlers) as Record<
    Switch,
    { read: () => Promise<string>; write: (text: string) => Promise<void> }
  >;
}

const energy = ({ simplon }: Eiger, key: string) => ({
  read: async () => Number(await simplon.read("detector", `config/${key}`)),
  write: (electronVolts: number) => simplon.write("detector", `config/${key}`, electronVolts),
});
