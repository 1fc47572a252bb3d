// SPDX-License-Identifier: MIT
// Spectra in HDF5 files, as MOSCA lays them out: <directory>/<prefix>spectra_%04d.h5, in each a dataset a detector,
// <group>/spectra_<detector> of shape (points, size), a chunk a point. Compressed with gzip if at all: any HDF5 reads that
// without a filter's plugin.
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Hdf5, Hdf5File, Operation } from "../../writers/index.ts";
import { openHdf5 } from "../../writers/index.ts";
import type { Acquisition, Block } from "./detector.ts";

export interface SeriesOptions {
  readonly directory: string;
  readonly prefix: string;
  /** Inside the file; "" for its root. */
  readonly group: string;
  readonly pointsPerFile: number;
  /** gzip level 1 to 9; 0: not compressed. */
  readonly gzip: number;
  /** Readers may follow a file while it is written. */
  readonly swmr: boolean;
}

/** At most so many ms of points are lost when the process dies. */
const FLUSH_PERIOD = 500;

export class FileSeries implements AsyncDisposable {
  readonly #options: SeriesOptions;
  readonly #acquisition: Acquisition;
  readonly #hdf5: Hdf5;
  #file: Hdf5File | undefined;
  /** Points in the open file, and number of the file. */
  #filled = 0;
  #number = 0;
  #flushed = 0;
  /** Points in files that are closed. */
  saved = 0;
  #open = 0;

  private constructor(options: SeriesOptions, acquisition: Acquisition, hdf5: Hdf5) {
    this.#options = options;
    this.#acquisition = acquisition;
    this.#hdf5 = hdf5;
  }

  /** Makes the directory. Files of an acquisition before this one are overwritten, one by one as their turn comes. */
  static async begin(options: SeriesOptions, acquisition: Acquisition): Promise<FileSeries> {
    await makeFolder(options.directory);
    const hdf5 = await openHdf5();
    if (!options.swmr || hdf5.abilities.has("swmr")) return new FileSeries(options, acquisition, hdf5);
    await hdf5[Symbol.asyncDispose]();
    throw new Error(`the HDF5 library here (${hdf5.adapter}) has no SWMR: install libhdf5, or set UseSwmr to false`);
  }

  async add(block: Block): Promise<void> {
    for (let from = 0; from < block.points; ) {
      const file = await this.#current();
      const count = Math.min(block.points - from, this.#options.pointsPerFile - this.#filled);
      await file.apply(this.#rows(block, from, count));
      this.#filled += count;
      this.#open += count;
      from += count;
      if (this.#filled === this.#options.pointsPerFile) await this.#close();
    }
    if (this.#file && performance.now() - this.#flushed > FLUSH_PERIOD) {
      await this.#file.flush();
      this.#flushed = performance.now();
    }
  }

  /** Closes the file; points that follow go on in it. */
  async pause(): Promise<void> {
    const filled = this.#filled;
    if (!this.#file) return;
    await this.#close();
    if (filled === this.#options.pointsPerFile) return;
    this.#number--;
    this.#filled = filled;
  }

  async #current(): Promise<Hdf5File> {
    if (this.#file) return this.#file;
    const { directory, prefix, swmr } = this.#options;
    const path = join(directory, `${prefix}spectra_${String(this.#number).padStart(4, "0")}.h5`);
    if (this.#filled === 0) await rm(path, { force: true });
    this.#file = await this.#hdf5.open(path, { swmr });
    if (this.#filled === 0) await this.#file.apply(this.#datasets());
    await this.#file.flush();
    if (swmr) await this.#file.startSwmr();
    this.#flushed = performance.now();
    return this.#file;
  }

  async #close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.saved += this.#open;
    this.#open = 0;
    this.#filled = 0;
    this.#number++;
  }

  #datasets(): Operation[] {
    const size = this.#acquisition.spectrumSize;
    const { gzip } = this.#options;
    return this.#acquisition.detectors.map((id) => ({
      do: "growing",
      path: this.#path(id),
      dataset: { dtype: "<u4", row: [size], chunk: [1, size], ...(gzip > 0 && { gzip }) },
    }));
  }

  #rows({ spectra, points }: Block, from: number, count: number): Operation[] {
    const { detectors, spectrumSize } = this.#acquisition;
    return detectors.map((id, row) => {
      const start = (row * points + from) * spectrumSize;
      const data = new Uint8Array(spectra.slice(start, start + count * spectrumSize).buffer);
      return { do: "rows", path: this.#path(id), at: this.#filled, count, data };
    });
  }

  #path(detector: number): string {
    const group = this.#options.group.split("/").filter(Boolean);
    return ["", ...group, `spectra_${String(detector).padStart(2, "0")}`].join("/");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    await this.#hdf5[Symbol.asyncDispose]();
  }
}

/** With the folders above it. mkdir's own recursion does not end where a folder cannot have any, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path || existsSync(dirname(path))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}
