// SPDX-License-Identifier: MIT
// What has to be true of the disk before an acquisition that is saved begins.
import { access, constants, mkdir } from "node:fs/promises";
import { fileName } from "./file-names.ts";
import type { SavingSettings } from "./settings.ts";

/** Makes the last folder of the path when it is missing; those above must be there. @throws Error naming what is wrong. */
export async function checkFolder(directory: string): Promise<void> {
  if (!directory) throw new Error("No folder to save in: write saving_directory first");
  try {
    await mkdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return checkWritable(directory);
    const why = code === "ENOENT" ? "the folder above it does not exist" : (error as Error).message;
    throw new Error(`Saving directory ${directory} cannot be made: ${why}`, { cause: error });
  }
}

async function checkWritable(directory: string): Promise<void> {
  try {
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`Saving directory ${directory} cannot be written to: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Refuses to write over files (policy ABORT). `frames` 0: until stopped, so that only the first file can be looked for. */
export async function checkNewFiles(settings: Readonly<SavingSettings>, frames: number): Promise<void> {
  const saved = Math.ceil(frames / settings.everyNth);
  const files = frames === 0 ? 1 : Math.ceil(saved / settings.framesPerFile);
  for (let i = 0; i < files; i++) {
    const path = fileName(settings, settings.number + i);
    if (await exists(path)) throw new Error(`File : ${path} already exist`);
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
