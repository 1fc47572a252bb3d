// SPDX-License-Identifier: MIT
import { readFile, rename, writeFile } from "node:fs/promises";
import { parseStore, printStore } from "./file-format.ts";
import { MemoryDatabase, type ServerStore } from "./memory.ts";

/** The file cannot be read. */
export class FileNotFound extends Error {
  override readonly name = "FileNotFound";
}

/** A server's configuration in a property file, written again after each change. */
export class FileDatabase extends MemoryDatabase {
  readonly #path: string;
  readonly #server: string;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, server: string, store: ServerStore) {
    super(store, "file");
    this.#path = path;
    this.#server = server;
  }

  /** @throws FileNotFound, or DevFailed naming the line that is wrong. */
  static async open(path: string, server: string): Promise<FileDatabase> {
    let text: string;
    try {
      text = await readFile(path, "latin1");
    } catch (cause) {
      throw new FileNotFound(`FILEDATABASE could not open file ${path}.`, { cause });
    }
    return new FileDatabase(path, server, parseStore(text, server));
  }

  /** One after the other, and never half a file. */
  protected override async changed(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const draft = `${this.#path}.${process.pid}.new`;
      await writeFile(draft, printStore(this.store, this.#server), "latin1");
      await rename(draft, this.#path);
    });
    await this.#writing;
  }
}
