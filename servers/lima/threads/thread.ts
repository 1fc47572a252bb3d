// SPDX-License-Identifier: MIT
// A worker thread that is asked and answers, on the side of those who ask.
import { Worker } from "node:worker_threads";
import type { Answer, Order } from "./answering.ts";

/** Started with its first question, so that what is never needed costs nothing. */
export class Thread<Question> implements AsyncDisposable {
  readonly #file: URL;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | undefined;
  #next = 0;

  /** `file` calls `answering`. */
  constructor(file: URL) {
    this.#file = file;
  }

  get started(): boolean {
    return this.#worker !== undefined;
  }
  /** Questions without an answer yet. */
  get waiting(): number {
    return this.#open.size;
  }

  /**
   * What it shares (SharedArrayBuffer) is not copied, nor is what is `moved`: that is the thread's from then on.
   * @throws Error as the thread threw it, with its `code` and `reason`.
   */
  ask<Result>(question: Question, moved: readonly ArrayBuffer[] = []): Promise<Result> {
    this.#worker ??= this.#start();
    const id = this.#next++;
    const answer = Promise.withResolvers<unknown>();
    this.#open.set(id, answer);
    // While something is asked the process must not end.
    this.#worker.ref();
    this.#worker.postMessage({ id, question } satisfies Order<Question>, moved);
    return answer.promise as Promise<Result>;
  }

  #start(): Worker {
    const worker = new Worker(this.#file);
    worker.unref();
    worker.on("message", (answer: Answer) => this.#settle(answer));
    worker.on("error", (error) => this.#end(error as Error));
    worker.on("exit", () => this.#end(new Error("the thread has ended")));
    return worker;
  }

  #settle(answer: Answer): void {
    const waiting = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if (this.#open.size === 0) this.#worker?.unref();
    if ("problem" in answer) waiting?.reject(Object.assign(new Error(answer.problem.message), answer.problem));
    else waiting?.resolve(answer.value);
  }

  #end(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate();
  }
}
