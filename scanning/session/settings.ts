// SPDX-License-Identifier: MIT
// What a session remembers from one day to the next: scan numbers, the data policy's names, measurement groups.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Values are JSON. Reading is immediate; a write is durable once its promise resolves. */
export interface Settings {
  get(key: string): unknown;
  set(key: string, value: unknown): Promise<void>;
}

export function memorySettings(): Settings {
  const values = new Map<string, unknown>();
  return {
    get: (key) => values.get(key),
    set: async (key, value) => {
      values.set(key, value);
    },
  };
}

/** One JSON file, replaced as a whole at each write: it is never half written. @throws Error naming a damaged file. */
export async function fileSettings(path: string): Promise<Settings> {
  const values = await load(path);
  let writing = Promise.resolve();
  const save = async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, `${JSON.stringify(values, null, 1)}\n`);
    await rename(`${path}.new`, path);
  };
  return {
    get: (key) => values[key],
    set: (key, value) => {
      values[key] = value;
      const done = writing.then(save);
      writing = done.catch(() => {});
      return done;
    },
  };
}

async function load(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new Error(`${path}: not the settings of a session; move it away to start afresh, or repair its JSON`);
}
