// SPDX-License-Identifier: MIT
// Named sets of settings (configStore ... configFileLoad): the attributes of each module, stored and written again.
import { readFile, writeFile } from "node:fs/promises";

interface Setting {
  readonly read: () => unknown;
  readonly write: (value: never) => unknown;
}
type Settings = Readonly<Record<string, unknown>>;

/** In the order they are written again: what others depend on first. */
export const configurationModules: Readonly<Record<string, readonly string[]>> = {
  Acquisition: [
    "acq_mode", "acq_trigger_mode", "acq_nb_frames", "acq_expo_time", "latency_time", "concat_nb_frames", "acc_max_expo_time",
    "acc_time_mode",
  ],
  Image: ["image_bin_mode", "image_bin", "image_flip", "image_rotation", "image_roi"],
  Saving: [
    "saving_directory", "saving_prefix", "saving_format", "saving_suffix", "saving_index_format", "saving_mode",
    "saving_overwrite_policy", "saving_frame_per_file", "saving_every_n_frames", "saving_common_header", "saving_next_number",
  ],
}; // biome-ignore format: a table

export class Configurations {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #file: string;
  #stored = new Map<string, Settings>();

  /** `members` are the handlers of the device's attributes. */
  constructor(members: Readonly<Record<string, unknown>>, file: string) {
    this.#members = members;
    this.#file = file;
  }

  get names(): string[] {
    return [...this.#stored.keys()];
  }

  store([name, ...modules]: readonly string[]): void {
    if (!name) throw new Error("configStore takes the configuration's name, then modules");
    const wanted = modules.length > 0 ? modules : Object.keys(configurationModules);
    const attributes = wanted.flatMap((module) => {
      const known = configurationModules[module];
      if (known) return known;
      throw new Error(`No module ${module}; there are: ${Object.keys(configurationModules).join(", ")}`);
    });
    this.#stored.set(name, Object.fromEntries(attributes.map((key) => [key, plain(this.#setting(key).read())])));
  }

  async apply(name: string): Promise<void> {
    for (const [key, value] of Object.entries(this.#named(name))) await this.#setting(key).write(value as never);
  }

  delete(name: string): void {
    this.#named(name);
    this.#stored.delete(name);
  }

  async pop(name: string): Promise<void> {
    await this.apply(name);
    this.delete(name);
  }

  async save(): Promise<void> {
    await writeFile(this.#file, `${JSON.stringify(Object.fromEntries(this.#stored), null, 2)}\n`);
  }

  /** At the start of the device: what the file has under a name, if there is such a file and name. */
  async restore(name: string): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    if (this.#stored.has(name)) await this.apply(name);
  }

  async load(): Promise<void> {
    const content: unknown = JSON.parse(await readFile(this.#file, "utf8"));
    if (typeof content !== "object" || content === null)
      throw new Error(`${this.#file} holds no configurations: an object of names is wanted`);
    this.#stored = new Map(Object.entries(content as Record<string, Settings>));
  }

  #named(name: string): Settings {
    const found = this.#stored.get(name);
    if (found) return found;
    throw new Error(`No configuration "${name}"; there are: ${this.names.join(", ") || "none"}`);
  }

  #setting(key: string): Setting {
    const member = this.#members[key];
    if (typeof member === "object" && member !== null && "read" in member && "write" in member)
      return member as Setting;
    throw new Error(`${key} is no setting of this device`);
  }
}

/** As JSON has it. */
const plain = (value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : value);
