// SPDX-License-Identifier: MIT
// comment, note, lsnotes: what a person writes down beside the numbers.
import { ScanArgumentError } from "../errors.ts";
import type { Desk } from "./desk.ts";

export interface NoteVerbs {
  /** Into the document of the scan that runs; while none does, of the next one. */
  comment(text: string): void;
  /** Into the notes beside the data, `notes.txt`. */
  note(text: string): Promise<void>;
  /** The same, by the name of BLISS. */
  elog_print(text: string): Promise<void>;
  /** Notes what the last scan was: its number, title and end. */
  elog_add(): Promise<void>;
  /** The last notes of this dataset. */
  lsnotes(count?: number): Promise<void>;
}

export function noteVerbs(desk: Desk): NoteVerbs {
  const { session } = desk;
  const write = async (verb: string, text: string) => {
    const { date } = await session.notes.add(checked(verb, text));
    desk.print(`Noted at ${clock(date)} in ${session.notes.path}`);
  };
  return {
    comment: (text) => {
      const running = session.comment(checked("comment", text));
      desk.print(running ? `Comment of ${running.title}` : "Comment of the next scan");
    },
    note: (text) => write("note", text),
    elog_print: (text) => write("elog_print", text),
    elog_add: () => write("elog_add", summary(session.lastScan)),
    lsnotes: async (count = 20) => {
      const notes = (await session.notes.read()).slice(-count);
      desk.print(...(notes.length > 0 ? notes.map(({ date, text }) => `${clock(date)}  ${text}`) : ["no notes yet"]));
    },
  };
}

/** `2026-11-24 13:05:01` */
const clock = (date: string) => date.slice(0, 19).replace("T", " ");

const summary = ({ info, title, points, state }: Desk["session"]["lastScan"]) =>
  `scan ${info.save === false ? "(not saved)" : info.scan_nb}: ${title}, ${points} points, ${state}`;

function checked(verb: string, text: unknown): string {
  if (typeof text === "string" && text.trim() !== "") return text;
  throw new ScanArgumentError(`there is nothing to write down. Usage: ${verb}("text")`);
}
