// SPDX-License-Identifier: MIT
// Lines, and below them one that is rewritten in place: on a terminal. Elsewhere lines only.

/** A terminal, a pipe, a file: `process.stdout`, or anything that can be written to. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const clear = "\r\x1b[K";
const plainWidth = 120;

export const widthOf = ({ isTTY, columns }: Screen): number => (isTTY ? columns || 80 : plainWidth);

/** Collects lines and writes them in one go. Disposing writes what is left and takes the status line away. */
export class Lines implements Disposable {
  readonly #screen: Screen;
  #waiting: string[] = [];
  #status = "";

  constructor(screen: Screen) {
    this.#screen = screen;
  }
  add(...lines: readonly string[]): void {
    this.#waiting.push(...lines);
  }
  /** Writes the lines so far, then `status`, which the next flush replaces. */
  flush(status = ""): void {
    const shown = this.#screen.isTTY ? status : "";
    if (this.#waiting.length === 0 && shown === this.#status) return;
    const text = this.#waiting.map((line) => `${line}\n`).join("");
    this.#screen.write(`${this.#status === "" ? "" : clear}${text}${shown}`);
    this.#waiting = [];
    this.#status = shown;
  }
  [Symbol.dispose](): void {
    this.flush();
  }
}
