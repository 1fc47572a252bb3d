// SPDX-License-Identifier: MIT
// LIMA's acquisition settings in words of GenICam's Standard Features Naming Convention.
import type { CameraSettings, Range, TriggerMode } from "../camera.ts";
import type { NodeMap } from "./genicam/node-map.ts";
import { pixelFormats } from "./pixel-format-table.ts";

/** What the trigger features are set to; `each`: one trigger a frame. */
interface TriggerSetting {
  /** The trigger that is on, by preference; none in free run. */
  readonly selectors: readonly string[];
  readonly source?: "software" | "line";
  readonly exposure: "Timed" | "TriggerWidth";
}

const triggers: Readonly<Partial<Record<TriggerMode, TriggerSetting>>> = {
  INTERNAL_TRIGGER: { selectors: [], exposure: "Timed" },
  INTERNAL_TRIGGER_MULTI: { selectors: ["FrameStart", "AcquisitionStart"], source: "software", exposure: "Timed" },
  EXTERNAL_TRIGGER: { selectors: ["AcquisitionStart", "FrameBurstStart"], source: "line", exposure: "Timed" },
  EXTERNAL_TRIGGER_MULTI: { selectors: ["FrameStart"], source: "line", exposure: "Timed" },
  EXTERNAL_GATE: { selectors: ["FrameStart"], source: "line", exposure: "TriggerWidth" },
};

const microseconds = 1e6;
const exposureNames = ["ExposureTime", "ExposureTimeAbs"] as const;
const rateNames = ["AcquisitionFrameRate", "AcquisitionFrameRateAbs"] as const;

/** @throws Error when the camera has no exposure time in microseconds. */
export function exposureFeature(features: NodeMap): string {
  const name = features.firstOf(...exposureNames);
  if (name === undefined) throw new Error("The camera has neither ExposureTime nor ExposureTimeAbs");
  return name;
}

/** Seconds. */
export async function exposureRange(features: NodeMap): Promise<Range> {
  const { min, max } = await features.range(exposureFeature(features));
  return {
    min: Number.isFinite(min) ? min / microseconds : 1e-6,
    max: Number.isFinite(max) ? max / microseconds : 3600,
  };
}

const entriesOf = async (features: NodeMap, name: string): Promise<readonly string[]> =>
  features.has(name) ? features.entries(name) : [];

/** The trigger modes this camera's features allow. */
export async function triggerModesOf(features: NodeMap): Promise<readonly TriggerMode[]> {
  const [selectors, sources, exposures] = await Promise.all(
    ["TriggerSelector", "TriggerSource", "ExposureMode"].map((name) => entriesOf(features, name)),
  );
  const possible = ({ selectors: wanted, source, exposure }: TriggerSetting) => {
    if (!source) return true;
    if (!features.has("TriggerMode")) return false;
    const selector = selectors?.length
      ? wanted.some((each) => selectors.includes(each))
      : wanted.includes("FrameStart");
    const from = source === "software" ? features.has("TriggerSoftware") : sources?.some(isLine);
    return selector && from === true && (exposure === "Timed" || exposures?.includes(exposure) === true);
  };
  return Object.entries(triggers).flatMap(([mode, setting]) => (possible(setting) ? [mode as TriggerMode] : []));
}

const isLine = (source: string): boolean => /^Line\d/.test(source);

/** The pixel formats of the camera that can be read here. */
export async function readableFormats(features: NodeMap): Promise<readonly string[]> {
  const names = await entriesOf(features, "PixelFormat");
  return names.filter((name) => pixelFormats.some((format) => format.name === name));
}

/** The whole sensor, unbinned as far as the camera can be told so. */
export async function setFullFrame(features: NodeMap): Promise<void> {
  for (const name of ["BinningHorizontal", "BinningVertical", "DecimationHorizontal", "DecimationVertical"])
    await setIfPossible(features, name, 1);
  for (const [offset, size, largest] of [
    ["OffsetX", "Width", ["WidthMax", "SensorWidth"]],
    ["OffsetY", "Height", ["HeightMax", "SensorHeight"]],
  ] as const) {
    await setIfPossible(features, offset, 0);
    const { max } = await features.range(size);
    const name = features.firstOf(...largest);
    const whole = Number.isFinite(max) ? max : name === undefined ? undefined : await features.number(name);
    if (whole !== undefined) await features.write(size, whole);
  }
}

/** Exposure, trigger and number of frames. @throws Error naming the feature that was refused, and why. */
export async function applySettings(features: NodeMap, settings: CameraSettings, line: string): Promise<void> {
  const { exposure, latency, frames, trigger } = settings;
  const wanted = triggers[trigger];
  if (!wanted) throw new Error(`Trigger mode: ${trigger} not available`);
  await setIfPossible(features, "ExposureAuto", "Off");
  await setTrigger(features, wanted, line);
  if (wanted.exposure === "Timed") await features.write(exposureFeature(features), exposure * microseconds);
  if (trigger === "INTERNAL_TRIGGER" || trigger === "EXTERNAL_TRIGGER") await setRate(features, exposure, latency);
  await setFrameCount(features, frames);
}

async function setTrigger(features: NodeMap, wanted: TriggerSetting, line: string): Promise<void> {
  if (!features.has("TriggerMode")) return;
  const selectors = await entriesOf(features, "TriggerSelector");
  const chosen = wanted.selectors.find((each) => selectors.includes(each)) ?? "FrameStart";
  for (const selector of selectors.length > 0 ? selectors : [chosen]) {
    if (selectors.length > 0) await features.write("TriggerSelector", selector);
    const on = wanted.source !== undefined && selector === chosen;
    await features.write("TriggerMode", on ? "On" : "Off");
  }
  if (wanted.source === undefined) return void (await setIfPossible(features, "ExposureMode", "Timed"));
  if (selectors.length > 0) await features.write("TriggerSelector", chosen);
  const sources = await features.entries("TriggerSource");
  const lines = sources.filter(isLine);
  const input = line || lines.find((each) => each === "Line1") || lines[0] || "Line1";
  await features.write("TriggerSource", wanted.source === "software" ? "Software" : input);
  if (wanted.exposure === "TriggerWidth") await features.write("ExposureMode", "TriggerWidth");
  else await setIfPossible(features, "ExposureMode", "Timed");
}

/** A camera that can run free does so when no pause is wanted; else it is given the period. */
async function setRate(features: NodeMap, exposure: number, latency: number): Promise<void> {
  const name = features.firstOf(...rateNames);
  if (name === undefined) return;
  const enable = features.has("AcquisitionFrameRateEnable");
  if (enable) await features.write("AcquisitionFrameRateEnable", latency > 0);
  if (enable && latency === 0) return;
  const { min, max } = await features.range(name);
  await features.write(name, Math.min(Math.max(1 / (exposure + latency), min), max));
}

/** A camera that cannot count is stopped after the last frame. */
async function setFrameCount(features: NodeMap, frames: number): Promise<void> {
  const modes = await entriesOf(features, "AcquisitionMode");
  const counts = features.has("AcquisitionFrameCount") && modes.includes("MultiFrame");
  const most = counts ? (await features.range("AcquisitionFrameCount")).max : 0;
  const multi = frames > 0 && frames <= most;
  if (multi) await features.write("AcquisitionFrameCount", frames);
  const mode = multi ? "MultiFrame" : "Continuous";
  if (modes.includes(mode)) await features.write("AcquisitionMode", mode);
}

/** Leaves alone what the camera does not have, or not now. */
export async function setIfPossible(features: NodeMap, name: string, value: string | number): Promise<void> {
  if (features.has(name)) await features.write(name, value).catch(() => {});
}
