// SPDX-License-Identifier: MIT
// What a GigE Vision camera is able to do, from its features.
import type { Capabilities } from "../camera.ts";
import { greyMode } from "../data-array.ts";
import type { VideoMode } from "../video-mode-table.ts";
import type { NodeMap } from "./genicam/node-map.ts";
import type { GigeOptions } from "./gige.ts";
import { pixelFormats } from "./pixel-format-table.ts";
import { exposureRange, readableFormats, triggerModesOf } from "./settings.ts";

/** Cameras do not tell the size of their pixels; a common one. */
const usualPixel = [5e-6, 5e-6] as const;
/** Seconds between two frames, at most. */
const longestLatency = 3600;

export async function describeCamera(
  features: NodeMap,
  { type = "GigE", pixelSize = usualPixel }: GigeOptions,
): Promise<Capabilities> {
  const text = async (name: string) => (features.has(name) ? String(await features.read(name)) : "");
  const model = [await text("DeviceVendorName"), await text("DeviceModelName")].filter((word) => word !== "").join(" ");
  const format = await text("PixelFormat");
  const imageType = pixelFormats.find(({ name }) => name === format)?.imageType;
  const mode = videoModeOf(format);
  if (!imageType || !mode)
    throw new Error(`pixel format ${format} is not read here: set a Mono, Bayer, RGB or YUV format`);
  const modes = new Set((await readableFormats(features)).flatMap((name) => videoModeOf(name) ?? []));
  return {
    video: { mode, modes: [...modes] },
    ...{ type, model: model || "GigE Vision camera", pixelSize, imageType },
    width: await features.number("Width"),
    height: await features.number("Height"),
    triggerModes: await triggerModesOf(features),
    exposure: await exposureRange(features),
    latency: { min: 0, max: longestLatency },
  };
}

/** How pictures of a pixel format are shown; undefined for one that is not read here. */
export function videoModeOf(name: string): VideoMode | undefined {
  const format = pixelFormats.find((each) => each.name === name);
  return format && (format.video ?? greyMode(format.imageType));
}
