// SPDX-License-Identifier: MIT
// The stream channel of one GigE Vision device: images as they come from the thread that receives them.
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { BlockEnd, BlocksOptions, StreamStatistics } from "./blocks.ts";
import type { ReceiverOptions } from "./receiver.ts";
import type { Order, Report } from "./receiver-thread.ts";

export interface ImageStream extends AsyncDisposable {
  readonly port: number;
  /** As of the last image. */
  readonly statistics: StreamStatistics;
  /** Another port: what is on its way to the one before is never taken for what comes next. @throws Error when there is none. */
  renew(): Promise<void>;
  /** Forgets what has come; images are of this size from now on. */
  begin(options: BlocksOptions): void;
  /** Nothing is expected until the next beginning. */
  end(): void;
  /** Whether a datagram of `size` bytes (with IP and UDP headers) comes within `wait` milliseconds. */
  testPacket(size: number, wait: number): Promise<boolean>;
  /** The next image, or the loss of one. Undefined when `signal` is aborted first. @throws Error when the stream is broken. */
  next(signal: AbortSignal): Promise<BlockEnd | undefined>;
}

/** @throws Error when the socket cannot be made. */
export async function openStream(options: ReceiverOptions): Promise<ImageStream> {
  const file = new URL(`./receiver-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { workerData: options });
  worker.unref();
  const [ready] = (await once(worker, "message")) as [Report];
  if (ready.told !== "ready") throw new Error("the receiving thread does not start");
  return new ThreadedStream(worker, ready.port);
}

const noStatistics: StreamStatistics = {
  ...{ packets: 0, duplicates: 0, broken: 0, resendsAsked: 0, whole: 0, lost: 0 },
};

class ThreadedStream implements ImageStream {
  port: number;
  statistics = noStatistics;
  readonly #worker: Worker;
  readonly #ready: BlockEnd[] = [];
  /** Counts the beginnings: what belongs to one before is thrown away. */
  #stream = 0;
  #failure: Error | undefined;
  #tested: ((came: boolean) => void) | undefined;
  #renewed: PromiseWithResolvers<void> | undefined;
  #wake: () => void = () => {};

  constructor(worker: Worker, port: number) {
    this.port = port;
    this.#worker = worker;
    worker.on("message", (report: Report) => this.#hear(report));
    worker.on("error", (error) => this.#fail(error as Error));
    worker.on("exit", () => this.#fail(new Error("the stream is closed")));
  }

  async renew(): Promise<void> {
    if (this.#worker.threadId < 0) throw new Error("the stream is closed");
    this.#failure = undefined;
    this.#renewed = Promise.withResolvers<void>();
    this.#order({ do: "renew" });
    return this.#renewed.promise;
  }

  begin(options: BlocksOptions): void {
    this.#stream++;
    this.#ready.length = 0;
    this.#failure = undefined;
    this.statistics = noStatistics;
    this.#order({ do: "begin", options, stream: this.#stream });
  }

  end(): void {
    this.#order({ do: "end" });
  }

  testPacket(size: number, wait: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#tested = resolve;
    this.#order({ do: "test", size, wait });
    return promise;
  }

  async next(signal: AbortSignal): Promise<BlockEnd | undefined> {
    for (;;) {
      const ready = this.#ready.shift();
      if (ready) {
        this.#order({ do: "taken" });
        return ready;
      }
      if (this.#failure) throw this.#failure;
      if (signal.aborted) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const aborted = () => resolve();
      signal.addEventListener("abort", aborted, { once: true });
      await promise;
      signal.removeEventListener("abort", aborted);
    }
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #hear(report: Report): void {
    if (report.told === "tested") this.#tested?.(report.came);
    if (report.told === "ready") {
      this.port = report.port;
      this.#renewed?.resolve();
    }
    if (!("stream" in report) || report.stream !== this.#stream) return;
    if (report.told === "failed") this.#fail(new Error(report.message));
    else {
      this.statistics = report.statistics;
      this.#ready.push(report.end);
      this.#wake();
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#renewed?.reject(error);
    this.#tested?.(false);
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#worker.threadId < 0) return; // it has ended
    const ended = once(this.#worker, "exit");
    this.#order({ do: "close" });
    await ended;
  }
}
