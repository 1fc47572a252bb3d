// SPDX-License-Identifier: MIT
// The threads that save frames: those that write files (saving_max_writing_task of them; each file stays with one), and those
// that pack frames before.
import { extname } from "node:path";
import type { Pixels } from "../frame.ts";
import { Thread } from "../threads/thread.ts";
import type { Packing } from "./packing.ts";
import type { Packed, SavingQuestion } from "./worker.ts";

export type SavingThread = Thread<SavingQuestion>;

const newThread = (): SavingThread => new Thread(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));

export class SavingThreads implements AsyncDisposable {
  readonly #writers: SavingThread[] = [];
  readonly #packers: readonly SavingThread[];

  /** `packers`: frames that are packed at the same time. */
  constructor(packers: number) {
    this.#packers = Array.from({ length: packers }, newThread);
  }

  /** Of file `number`, when so many files may be written at the same time. */
  of(number: number, tasks: number): SavingThread {
    const place = number % tasks;
    while (this.#writers.length <= place) this.#writers.push(newThread());
    return this.#writers[place] as SavingThread;
  }

  pack(packing: Packing, pixels: Pixels): Promise<Packed> {
    const thread = this.#packers.reduce((best, each) => (each.waiting < best.waiting ? each : best));
    return thread.ask({ do: "pack", packing, pixels });
  }

  /** What is open is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const started = [...this.#writers, ...this.#packers].filter((thread) => thread.started);
    await Promise.allSettled(started.map((thread) => thread.ask({ do: "end" })));
    await Promise.all(started.map((thread) => thread[Symbol.asyncDispose]()));
  }
}
