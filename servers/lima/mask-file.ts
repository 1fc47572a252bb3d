// SPDX-License-Identifier: MIT
// Masks in EDF files.
import { type EdfImage, readEdf } from "./saving/edf-read.ts";

/** One byte a pixel, 0 = excluded. Header key `masked_value` = nonzero turns the meaning around. */
export function maskBytes({ pixels, header }: Pick<EdfImage, "pixels" | "header">): Uint8Array {
  const excluded = header.get("masked_value") === "nonzero";
  return Uint8Array.from(pixels, (value) => ((value !== 0) !== excluded ? 1 : 0));
}

export const readMask = async (file: string): Promise<Uint8Array> => maskBytes(await readEdf(file));
