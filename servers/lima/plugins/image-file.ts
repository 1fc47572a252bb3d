// SPDX-License-Identifier: MIT
// An image in a file that a plugin works with: a background, a flat field, a mask.
import { checkSize } from "../corrections.ts";
import { shared } from "../frame.ts";
import { type EdfImage, readEdf } from "../saving/edf-read.ts";

export interface FileImage extends EdfImage {
  /** Where it was read from; "" for one that was taken. */
  readonly file: string;
}

export class ImageFile {
  #image: FileImage | undefined;

  get image(): FileImage | undefined {
    return this.#image;
  }
  /** "" without one. */
  get file(): string {
    return this.#image?.file ?? "";
  }
  /** Reads it; "" forgets it. @throws Error naming the file and what is wrong. */
  async read(file: string): Promise<void> {
    if (file) this.#keep(await readEdf(file), file);
    else this.forget();
  }
  take(image: EdfImage): void {
    this.#keep(image, "");
  }
  forget(): void {
    this.#image = undefined;
  }
  /** Pixels in shared memory: tasks go to threads with every frame. */
  #keep(image: EdfImage, file: string): void {
    this.#image = { ...image, pixels: shared(image.pixels), file };
  }
  /** Refuses an acquisition of another size. */
  check(size: { readonly width: number; readonly height: number }): void {
    if (this.#image) checkSize(this.file || "The image taken before", this.#image, size);
  }
}
