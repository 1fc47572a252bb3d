// SPDX-License-Identifier: MIT
// What the properties of a LimaCCDs device say, read with care: they are typed by hand.
import { totalmem } from "node:os";
import type { Detector } from "../detector.ts";

/** Refuses a property that names another camera than the one there is. */
export function checkCamera({ camera }: Detector, wanted: string): void {
  const { type } = camera.capabilities;
  if (wanted !== "" && wanted.toLowerCase() !== type.toLowerCase())
    throw new Error(`Property LimaCameraType is "${wanted}", but the camera device of this server is a ${type}`);
}

export function threadsOf(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads;
  throw new Error(`Property NbProcessingThread is "${text}": a number of threads from 1 on is wanted`);
}

/** Bytes for the frames of one acquisition, from a percentage of the memory this process may use. */
export function bufferMemory(percentage: string): number {
  const percent = Number(percentage);
  if (!(percent > 0 && percent <= 100))
    throw new Error(`Property BufferMaxMemory is "${percentage}": a percentage of the memory is wanted`);
  const allowed = process.constrainedMemory();
  return (percent / 100) * (allowed > 0 ? Math.min(allowed, totalmem()) : totalmem());
}

const operationModes: Readonly<Record<string, boolean>> = { hardandsoft: true, softonly: true, hardonly: false };

/** Whether the server may do what the camera cannot: binning, flips, rotations, regions. */
export function softwareOperations(mode: string): boolean {
  const allowed = operationModes[mode.toLowerCase()];
  if (allowed !== undefined) return allowed;
  throw new Error(`Property ImageOpMode is "${mode}": HardOnly, SoftOnly or HardAndSoft is wanted`);
}

export const durationPolicies = ["EPHEMERAL", "PERSISTENT"] as const;
export const sizePolicies = ["AUTOMATIC", "FIXED"] as const;

export interface BufferParameters {
  readonly initMem: boolean;
  readonly durationPolicy: (typeof durationPolicies)[number];
  readonly sizePolicy: (typeof sizePolicies)[number];
  readonly reqMemSizePercent: number;
}
type Readers = { readonly [Key in keyof BufferParameters]: (word: string) => BufferParameters[Key] | undefined };
const readers: Readers = {
  initMem: (word) => ({ "0": false, "1": true })[word],
  durationPolicy: (word) => durationPolicies.find((each) => each === word.toUpperCase()),
  sizePolicy: (word) => sizePolicies.find((each) => each === word.toUpperCase()),
  reqMemSizePercent: (word) => (Number(word) >= 0 && word !== "" ? Number(word) : undefined),
};

/** `<initMem=1, durationPolicy=EPHEMERAL, sizePolicy=AUTOMATIC, reqMemSizePercent=70.0>`, any part of it or nothing. */
export function bufferParameters(property: string, text: string): BufferParameters {
  const values: Record<string, unknown> = {
    ...{ initMem: false, durationPolicy: "EPHEMERAL", sizePolicy: "AUTOMATIC", reqMemSizePercent: 0 },
  };
  const inside = /^\s*<(.*)>\s*$/.exec(text)?.[1] ?? text;
  for (const part of inside
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean)) {
    const [key = "", word = ""] = part.split("=").map((each) => each.trim());
    const value = key in readers ? readers[key as keyof BufferParameters](word) : undefined;
    if (value === undefined)
      throw new Error(`Property ${property} is "${text}": "${part}" is none of <${Object.keys(readers).join("=, ")}=>`);
    values[key] = value;
  }
  return values as unknown as BufferParameters;
}
