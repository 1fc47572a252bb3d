// SPDX-License-Identifier: MIT
// The saving device: every block that can be read is in a file, or the acquisition ends in a fault that says why not.
import { saving } from "../../devices/mosca/saving.ts";
import { deviceClass } from "../../tango/index.ts";
import type { Acquisition, Block } from "./detector.ts";
import { FileSeries } from "./file-series.ts";
import { refusal } from "./refusal.ts";
import type { Spectrometer } from "./spectrometer.ts";
import type { Stage } from "./stages.ts";

const supported = ["off", "hdf5"];

interface Settings {
  mode: string;
  enabled: boolean;
  directory: string;
  prefix: string;
  group: string;
  pointsPerFile: number;
  readonly gzip: number;
  readonly swmr: boolean;
}

export const savingClass = (spectrometer: Spectrometer) =>
  deviceClass(saving, (device) => {
    spectrometer.names.saving = device.name;
    device.state = "ON";
    const { Gzip: gzip, UseSwmr: swmr } = device.properties;
    if (!(gzip >= 0 && gzip <= 9)) throw new RangeError(`Gzip must be 0 to 9 (was: ${gzip})`);
    const settings: Settings = {
      ...{ mode: "hdf5", enabled: false, directory: "", prefix: "", group: "", pointsPerFile: 10, gzip, swmr },
    };
    const stage = new SavingStage(settings);
    const placed = spectrometer.stages.insert("saving", stage);
    spectrometer.savingMetadata = () => ({
      directory: settings.directory || null,
      prefix: settings.prefix || null,
      points_per_file: settings.pointsPerFile,
      hdf5_path: settings.group || null,
      use_swmr: settings.swmr,
      mode: settings.mode,
      enabled: settings.enabled,
    });
    spectrometer.savedPoints = () => stage.saved;
    return {
      ...members(settings, spectrometer),
      ...zarr(),
      [Symbol.asyncDispose]: async () => {
        await spectrometer.stop();
        placed[Symbol.dispose]();
        await stage[Symbol.asyncDispose]();
      },
    };
  });

class SavingStage implements Stage, AsyncDisposable {
  readonly #settings: Settings;
  #series: FileSeries | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }
  get saved(): number {
    return this.#series?.saved ?? 0;
  }

  async prepare(acquisition: Acquisition): Promise<void> {
    await this.#series?.[Symbol.asyncDispose]();
    this.#series = undefined;
    const { enabled, mode, directory, ...rest } = this.#settings;
    if (!enabled || mode === "off") return;
    if (directory === "")
      throw refusal("Saving is enabled without a directory: set hdf5_directory, or enabled to false.");
    try {
      this.#series = await FileSeries.begin({ directory, ...rest }, acquisition);
    } catch (error) {
      throw refusal(`Saving to ${directory} is not possible: ${(error as Error).message}`, "OSError");
    }
  }
  async take(block: Block): Promise<Block> {
    await this.#series?.add(block);
    return block;
  }
  async end(): Promise<void> {
    await this.#series?.pause();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#series?.[Symbol.asyncDispose]();
    this.#series = undefined;
  }
}

function members(settings: Settings, spectrometer: Spectrometer) {
  const kept = <K extends "directory" | "prefix" | "group">(key: K) => ({
    read: () => settings[key],
    write: (text: string) => {
      refuseWhileRunning(spectrometer);
      settings[key] = text;
    },
  });
  return {
    supported_modes: () => supported,
    saving_mode: {
      read: () => settings.mode,
      write: (mode: string) => {
        refuseWhileRunning(spectrometer);
        if (!supported.includes(mode))
          throw refusal(`saving_mode must be one of ${supported.join(", ")} (was: ${mode})`, "ValueError");
        settings.mode = mode;
        settings.enabled = mode !== "off";
      },
    },
    enabled: {
      read: () => settings.enabled,
      write: (enabled: boolean) => {
        refuseWhileRunning(spectrometer);
        settings.enabled = enabled;
      },
    },
    hdf5_directory: kept("directory"),
    hdf5_file_prefix: kept("prefix"),
    hdf5_group_path: kept("group"),
    hdf5_points_per_file: {
      read: () => BigInt(settings.pointsPerFile),
      write: (points: bigint) => {
        refuseWhileRunning(spectrometer);
        if (points < 1n) throw refusal(`hdf5_points_per_file must be >= 1 (was: ${points})`, "ValueError");
        settings.pointsPerFile = Number(points);
      },
    },
    hdf5_use_swmr: () => settings.swmr,
  };
}

function refuseWhileRunning({ status }: Spectrometer): void {
  if (status === "RUNNING") throw refusal("Can't set parameters while an acquisition is running.");
}

/** Members clients may look for; nothing is ever sent to such a store. */
function zarr() {
  const refused = (read: string) => ({
    read: () => read,
    write: (text: string) => {
      if (text) throw refusal("zarr is not supported by this server: use saving_mode hdf5.");
    },
  });
  return {
    zarr_endpoint: refused(""),
    zarr_bucket: refused(""),
    zarr_prefix: refused(""),
    zarr_access_key: refused(""),
    zarr_secret_key: refused(""),
    zarr_secure: {
      read: () => false,
      write: (secure: boolean) => {
        if (secure) throw refusal("zarr is not supported by this server: use saving_mode hdf5.");
      },
    },
    zarr_points_per_chunk: {
      read: () => 1n,
      write: (points: bigint) => {
        if (points !== 1n) throw refusal("zarr is not supported by this server: use saving_mode hdf5.");
      },
    },
  };
}
