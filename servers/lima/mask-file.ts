// SPDX-License-Identifier: MIT
// Masks in EDF files.
import { checkSize } from "./corrections.ts";
import { type EdfImage, readEdf } from "./saving/edf-read.ts";

/** One byte a pixel, 0 = excluded, in shared memory. Header key `masked_value` = nonzero turns the meaning around. */
export function maskBytes({ pixels, header }: Pick<EdfImage, "pixels" | "header">): Uint8Array {
  const excluded = header.get("masked_value") === "nonzero";
  const mask = new Uint8Array(new SharedArrayBuffer(pixels.length));
  for (let i = 0; i < mask.length; i++) mask[i] = (pixels[i] !== 0) !== excluded ? 1 : 0;
  return mask;
}

/** The mask of a plugin that reduces frames: pixels where it is 0 do not count. */
export class MaskFile {
  #image: (EdfImage & { readonly file: string }) | undefined;
  #bytes: Uint8Array | undefined;

  /** "" without one. */
  get file(): string {
    return this.#image?.file ?? "";
  }
  get bytes(): Uint8Array | undefined {
    return this.#bytes;
  }
  /** "" unsets it. @throws Error naming the file and what is wrong. */
  async read(file: string): Promise<void> {
    const image = file ? { ...(await readEdf(file)), file } : undefined;
    this.#bytes = image && maskBytes(image);
    this.#image = image;
  }
  /** Refuses an acquisition of another size. */
  check(size: { readonly width: number; readonly height: number }): void {
    if (this.#image) checkSize(this.file, this.#image, size);
  }
}
