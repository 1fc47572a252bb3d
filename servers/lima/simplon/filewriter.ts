// SPDX-License-Identifier: MIT
// Files that the detector control unit writes itself (filewriter of SIMPLON), brought to where the acquisition saves.
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { HardwareFiles, HardwareSaving } from "../camera.ts";
import { formatIndex } from "../saving/file-names.ts";
import type { Simplon } from "./rest.ts";

/** Milliseconds the control unit may take to finish its files after the last frame. */
const patience = 60_000;

/** `<prefix><number>_master.h5` and `<prefix><number>_data_000001.h5` ... in the folder of the acquisition. */
export function filewriter(simplon: Simplon): HardwareSaving {
  let wanted: (HardwareFiles & { readonly pattern: string }) | undefined;
  return {
    formats: ["HDF5"],
    prepare: async (files, { signal }) => {
      if (!files.format.startsWith("HDF5"))
        throw new Error(`The detector writes HDF5 itself, not ${files.format}: write saving_format first`);
      const pattern = `${files.prefix}${formatIndex(files.indexFormat, files.number)}`;
      if (/[/\\]/.test(pattern))
        throw new Error(`saving_prefix "${files.prefix}": the detector's files have no folders`);
      const config = [
        ["mode", "enabled"],
        ["name_pattern", pattern],
        ["nimages_per_file", files.framesPerFile],
      ] as const;
      for (const [key, value] of config) await simplon.write("filewriter", `config/${key}`, value, { signal });
      wanted = { ...files, pattern };
    },
    finish: async () => {
      if (!wanted) return 0;
      const { pattern, directory } = wanted;
      wanted = undefined;
      for (const name of await writtenFiles(simplon, pattern)) await bring(simplon, name, directory);
      await simplon.write("filewriter", "config/mode", "disabled");
      return 1;
    },
  };
}

/** The names of the files of a pattern once the filewriter has closed them. */
async function writtenFiles(simplon: Simplon, pattern: string): Promise<readonly string[]> {
  const deadline = performance.now() + patience;
  for (;;) {
    const state = await simplon.read("filewriter", "status/state");
    const names = (await simplon.files()).filter((name) => name.startsWith(`${pattern}_`));
    if (state !== "acquire" && names.some((name) => name.endsWith("_master.h5"))) return names.sort();
    if (performance.now() > deadline)
      throw new Error(`The detector has no complete files ${pattern}_*.h5 after ${patience / 1000} s (${state})`);
    await sleep(100);
  }
}

/** Copies a file and deletes it on the control unit, whose memory holds few. */
async function bring(simplon: Simplon, name: string, directory: string): Promise<void> {
  const response = await simplon.download(name);
  await pipeline(Readable.fromWeb(response), createWriteStream(join(directory, name), { flags: "wx" }));
  await simplon.remove(name);
}
