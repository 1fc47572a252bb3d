// SPDX-License-Identifier: MIT
// What camserver's answers say.

export interface Threshold {
  /** LIMA's words; AUTO: camserver does not tell. */
  readonly gain: Gain;
  /** eV, -1 when it is not set. */
  readonly threshold: number;
}
export const gains = ["LOW", "MID", "HIGH", "UHIGH", "AUTO"] as const;
export type Gain = (typeof gains)[number];

const gainWords: Readonly<Record<string, Gain>> = { low: "LOW", mid: "MID", high: "HIGH", "ultra high": "UHIGH" };
/** In commands. */
export const gainCommands: Readonly<Record<Exclude<Gain, "AUTO">, string>> = {
  LOW: "lowG",
  MID: "midG",
  HIGH: "highG",
  UHIGH: "uhighG",
};

/** `Settings: mid gain; threshold: 6300 eV; vcmp: 0.654 V` */
export function thresholdIn(text: string): Threshold {
  const gain = /Settings:\s*([a-z ]+?)\s+gain/i.exec(text)?.[1]?.toLowerCase() ?? "";
  const threshold = /threshold:\s*(-?\d+)/i.exec(text)?.[1];
  return { gain: gainWords[gain] ?? "AUTO", threshold: threshold === undefined ? -1 : Number(threshold) };
}

/** `Energy setting: 12658 eV`: eV, -1 when it is not set. */
export const energyIn = (text: string): number => Number(/Energy[^:]*:\s*(-?\d+(?:\.\d+)?)/i.exec(text)?.[1] ?? -1);

/** The number after the colon: `Exposure time set to: 1.000000 sec.` @throws Error when there is none. */
export function numberIn(text: string): number {
  const number = /:\s*(-?\d+(?:\.\d*)?(?:e[+-]?\d+)?)/i.exec(text)?.[1];
  if (number === undefined) throw new Error(`no number in camserver's answer "${text.slice(0, 80)}"`);
  return Number(number);
}

export interface Sensor {
  readonly channel: number;
  /** degC. */
  readonly temperature: number;
  /** %. */
  readonly humidity: number;
}

/** `Channel 0: Temperature = 31.4C, Rel. Humidity = 22.1%` for each. */
export const sensorsIn = (text: string): readonly Sensor[] =>
  Array.from(
    text.matchAll(/Channel\s+(\d+):\s*Temperature\s*=\s*(-?[\d.]+)\s*C?,\s*Rel\.\s*Humidity\s*=\s*(-?[\d.]+)/gi),
    ([, channel, temperature, humidity]) => ({
      channel: Number(channel),
      temperature: Number(temperature),
      humidity: Number(humidity),
    }),
  );

export interface CameraDefinition {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** camera.def: `camera_name = "PILATUS 300K, S/N 3-0100"`, `camera_wide = 487`, `camera_high = 619`. Undefined when it says no size. */
export function definitionIn(text: string): CameraDefinition | undefined {
  const entry = (name: string) => new RegExp(`^\\s*${name}\\s*=\\s*"?([^"\\n]*)`, "im").exec(text)?.[1]?.trim();
  const [width, height] = [Number(entry("camera_wide")), Number(entry("camera_high"))];
  return width > 0 && height > 0 ? { name: entry("camera_name") ?? "PILATUS", width, height } : undefined;
}
