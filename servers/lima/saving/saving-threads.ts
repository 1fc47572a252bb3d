// SPDX-License-Identifier: MIT
// The threads that write files (saving_max_writing_task of them): each file stays with one.
import { extname } from "node:path";
import { Thread } from "../threads/thread.ts";
import type { SavingQuestion } from "./worker.ts";

export type SavingThread = Thread<SavingQuestion>;

export class SavingThreads implements AsyncDisposable {
  readonly #threads: SavingThread[] = [];

  /** Of file `number`, when so many files may be written at the same time. */
  of(number: number, tasks: number): SavingThread {
    const place = number % tasks;
    while (this.#threads.length <= place)
      this.#threads.push(new Thread(new URL(`./worker${extname(import.meta.url)}`, import.meta.url)));
    return this.#threads[place] as SavingThread;
  }

  /** What is open is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const started = this.#threads.filter((thread) => thread.started);
    await Promise.allSettled(started.map((thread) => thread.ask({ do: "end" })));
    await Promise.all(started.map((thread) => thread[Symbol.asyncDispose]()));
  }
}
