// SPDX-License-Identifier: MIT
// Masks in EDF files.
import { readEdf } from "./saving/edf-read.ts";

/** One byte a pixel, 0 = excluded. Header key `masked_value` = nonzero turns the meaning around. */
export async function readMask(file: string): Promise<Uint8Array> {
  const { pixels, header } = await readEdf(file);
  const excluded = header.get("masked_value") === "nonzero";
  return Uint8Array.from(pixels, (value) => ((value !== 0) !== excluded ? 1 : 0));
}
