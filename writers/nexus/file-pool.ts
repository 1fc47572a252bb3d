// SPDX-License-Identifier: MIT
// Files that scans write to. Scans that run at the same time (a sequence and its sub-scans) share one open file.
import { mkdir } from "node:fs/promises";
import { dirname, isAbsolute } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Hdf5, Hdf5Error, type Hdf5File } from "../hdf5/port.ts";

export interface Lease extends AsyncDisposable {
  readonly file: Hdf5File;
}
export interface LeaseOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds to keep trying while another program holds the file. */
  readonly patience: number;
  readonly swmr?: boolean;
  /** Called when the file is in use, with the reason; it is tried again. */
  readonly onLocked?: (message: string) => void;
}

interface Shared {
  readonly file: Promise<Hdf5File>;
  users: number;
}

export class FilePool implements AsyncDisposable {
  readonly #hdf5: Hdf5;
  readonly #files = new Map<string, Shared>();

  constructor(hdf5: Hdf5) {
    this.#hdf5 = hdf5;
  }

  get hdf5(): Hdf5 {
    return this.#hdf5;
  }

  /** Opens the file, or joins those who have it open; makes its folder. Disposing the lease closes it after the last. */
  async lease(path: string, options: LeaseOptions): Promise<Lease> {
    if (!isAbsolute(path)) throw new Hdf5Error("failed", path, `The data file must be an absolute path: ${path}`);
    const shared = this.#files.get(path) ?? { file: this.#open(path, options), users: 0 };
    this.#files.set(path, shared);
    shared.users++;
    let released = false;
    const release = async (): Promise<void> => {
      if (released) return;
      released = true;
      if (--shared.users > 0) return;
      this.#files.delete(path);
      const file = await shared.file.catch(() => undefined);
      await file?.close();
    };
    try {
      return { file: await shared.file, [Symbol.asyncDispose]: release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  async #open(path: string, { signal, patience, swmr = false, onLocked }: LeaseOptions): Promise<Hdf5File> {
    await mkdir(dirname(path), { recursive: true });
    const until = Date.now() + patience;
    for (let pause = 100; ; pause = Math.min(2 * pause, 2000)) {
      try {
        return await this.#hdf5.open(path, { swmr });
      } catch (error) {
        if (!(error instanceof Hdf5Error) || error.reason !== "locked" || Date.now() >= until) throw error;
        onLocked?.(error.message);
        await delay(Math.min(pause, Math.max(until - Date.now(), 1)), undefined, signal ? { signal } : {});
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#files.values()];
    this.#files.clear();
    for (const { file } of open) await (await file.catch(() => undefined))?.close();
  }
}
