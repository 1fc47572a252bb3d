// SPDX-License-Identifier: MIT
/** Milliseconds between two pictures at least. */
const shortest = 40;
/** The part of the time that drawing may take. */
const share = 0.2;

/** When the next live picture is due: often enough for people, seldom enough for the frames. */
export class PicturePace {
  #next = 0;

  due(): boolean {
    const now = performance.now();
    if (now < this.#next) return false;
    // Those on their way are not asked for twice.
    this.#next = now + 1000;
    return true;
  }
  shown({ took }: { readonly took: number }): void {
    this.#next = performance.now() + Math.max(shortest, took / share - took);
  }
}
