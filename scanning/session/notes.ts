// SPDX-License-Identifier: MIT
// What a person writes down: comments that go into a scan's document, and notes, one file beside the data.
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isoTime } from "../resolve.ts";

export interface Note {
  /** ISO 8601, in the local zone. */
  readonly date: string;
  readonly text: string;
}

export interface Notes {
  /** The file of the present dataset. */
  readonly path: string;
  /** Resolves when it is in the file. */
  add(text: string): Promise<Note>;
  /** All of the present dataset, the oldest first. */
  read(): Promise<readonly Note[]>;
}

/** Beside the data file: `notes.txt`. Each begins with its time; further lines of it are indented. */
export function notesBeside(dataFile: () => string): Notes {
  const path = () => join(dirname(dataFile()), "notes.txt");
  return {
    get path() {
      return path();
    },
    async add(text) {
      const note = { date: isoTime(new Date()), text };
      const file = path();
      await mkdir(dirname(file), { recursive: true });
      await appendFile(file, `${note.date}  ${text.replaceAll("\n", "\n  ")}\n`);
      return note;
    },
    async read() {
      const text = await readFile(path(), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return "";
        throw error;
      });
      return notesIn(text);
    },
  };
}

function notesIn(text: string): Note[] {
  const notes: { date: string; text: string }[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const [, date, first] = /^(\S+) {2}(.*)$/.exec(line) ?? [];
    const last = notes.at(-1);
    if (date !== undefined && first !== undefined) notes.push({ date, text: first });
    else if (last) last.text += `\n${line.replace(/^ {2}/, "")}`;
  }
  return notes;
}
