// SPDX-License-Identifier: MIT
// What a board keeps: electronic cam, position list, parametric trajectory, configuration. One line a command.
import { decodeVectors } from "../blocks.ts";
import type { Board } from "./board.ts";
import type { BoardCommand } from "./commands-table.ts";
import { configAllowed, configDefaults, configObjection } from "./config-table.ts";
import { Refusal } from "./refusal.ts";
import { dumped, equidistant, type PositionTable, tableValues } from "./tables.ts";
import { float, integer, long, positive } from "./words.ts";

type Work = (board: Board, words: readonly string[]) => unknown;
/** All words that follow are its own. */
const own = (work: Work): BoardCommand => ({
  values: "shared",
  run: (board, value) => work(board, value === "" ? [] : value.split(" ")),
});

/** `?ECAMDAT count start` and the like. The total is the last index of a cam, and the count of a list. */
function dump(table: PositionTable | undefined, [count = "", start = ""]: readonly string[], total: number): string {
  if (!table) throw new Refusal("Not initialised ECAM data");
  const rows = dumped(table.values, table.values.length + total, integer(count), integer(start));
  if (rows.length === 0) throw new Refusal("Out of range parameter(s)");
  return long(rows);
}

export const memoryCommands: Readonly<Record<string, BoardCommand>> = {
  "?ECAMDAT": own(({ ecam }, words) =>
    words.length > 0
      ? dump(ecam, words, -1)
      : ecam
        ? `${ecam.source} ${ecam.values[0]} ${ecam.values.at(-1)} ${ecam.values.length}`
        : "0",
  ),
  ECAMDAT: own((board, [first = "", from = "", to = "", count = ""]) => {
    if (first.toUpperCase() === "CLEAR") return void (board.ecam = undefined);
    loadCam(board, first.toUpperCase(), equidistant(float(from), float(to), positive(count)));
  }),
  "?ECAM": own(({ words }) => words.get("ECAM")),
  ECAM: own((board, [output = "PULSE"]) => {
    if (!/^(OFF|PULSE|LOW|HIGH)$/i.test(output)) throw new Refusal("Wrong parameter(s)");
    board.words.set("ECAM", output.toUpperCase());
  }),
  "?LISTDAT": own(({ list }, words) =>
    words.length > 0
      ? dump(list, words, 0)
      : list
        ? `${list.values.length} ${list.cyclic ? "CYCLIC" : "NOCYCLIC"}`
        : "0",
  ),
  LISTDAT: own((board, [word = ""]) => {
    if (word.toUpperCase() !== "CLEAR") throw new Refusal("Wrong parameter(s)");
    board.list = undefined;
  }),
  MOVEL: {
    values: "each",
    check: (board) => board.idle(),
    run: (board, value) => {
      const place = board.list?.values[integer(value)];
      if (place === undefined) throw new Refusal("Out of range parameter(s)");
      board.move(Math.round(place));
    },
  },

  "?PARDAT": own(({ curve }, [first = "", count = ""]) => {
    const knots = curve?.knots ?? [];
    if (first.toUpperCase() === "NPTS") return knots.length;
    if (knots.length === 0) throw new Refusal("Not initialised parametric data");
    const rows = knots.slice(integer(first), integer(first) + integer(count));
    return long(rows.map(({ time, position, velocity }) => `${time} ${position} ${velocity}`));
  }),
  PARDAT: own((board, [word = ""]) => {
    if (word.toUpperCase() !== "CLEAR") throw new Refusal("Wrong parameter(s)");
    board.curve = undefined;
  }),
  "?PARVAL": own((board, [parameter = ""]) => board.trajectory.at(float(parameter)).position),

  "?CFG": own(({ config }, [name = ""]) => {
    if (name === "") return long([...config].map((pair) => pair.join(" ")));
    if (name.toUpperCase() === "DEFAULT") return long(configDefaults.map((pair) => pair.join(" ")));
    const value = config.get(name.toUpperCase());
    if (value === undefined) throw new Refusal("Wrong parameter(s)");
    return `${name.toUpperCase()} ${value}`;
  }),
  "?ACTIVE": own(({ config }) => config.get("ACTIVE")),
  CFG: own((board, words) => {
    if (board.words.get("MODE") !== "CONFIG") throw new Refusal("Command or option not valid in this mode");
    if (/^EXPERT$/i.test(words[0] ?? "")) return;
    if (/^DEFAULT$/i.test(words[0] ?? "")) {
      for (const [name, value] of configDefaults) board.config.set(name, value);
      return;
    }
    if (words.length === 0 || words.length % 2 !== 0) throw new Refusal("Wrong number of parameter(s)");
    const pairs = Array.from(
      { length: words.length / 2 },
      (_, i) => [words[2 * i]?.toUpperCase() ?? "", words[2 * i + 1] ?? ""] as const,
    );
    const wrong = pairs.map(([name, value]) => configObjection(name, value)).find((why) => why !== undefined);
    if (wrong) throw new Refusal(wrong);
    for (const [name, value] of pairs) board.config.set(name, value.toUpperCase());
  }),
  "?CFGINFO": own((_, [name = ""]) => {
    if (name === "") return long([...configAllowed].map((pair) => pair.join(" ")));
    const allowed = configAllowed.get(name.toUpperCase());
    if (allowed === undefined) throw new Refusal("Wrong parameter(s)");
    return `${name.toUpperCase()} ${allowed}`;
  }),
  /** Without a word it opens the configuration; with one it closes it, and keeps the word. */
  CONFIG: own(({ words, moving }, signature) => {
    if (moving) throw new Refusal("Axis is moving");
    words.set("MODE", signature.length > 0 ? "OPER" : "CONFIG");
    if (signature.length > 0) words.set("CONFIG", signature.join(" "));
  }),
};

function loadCam(board: Board, source: string, values: readonly number[]): void {
  if (values.some((value, i) => i > 0 && value < (values[i - 1] ?? value))) throw new Refusal("Wrong parameter(s)");
  board.ecam = { source, cyclic: false, values };
  board.words.set("ECAM", "PULSE");
}

/** `*COMMAND words` and the data of the block that follows. */
export const blockCommands: Readonly<
  Record<string, (board: Board, words: readonly string[], data: Uint8Array) => void>
> = {
  "*ECAMDAT": (board, [source = "AXIS", type = "DWORD"], data) => loadCam(board, source, tableValues(type, data)),
  "*LISTDAT": (board, words, data) => {
    const type = words.find((word) => !/^(NO)?CYCLIC$/.test(word)) ?? "DWORD";
    board.list = { source: "AXIS", cyclic: words.includes("CYCLIC"), values: tableValues(type, data) };
  },
  "*PARDAT": (board, words, data) => board.loadVectors(decodeVectors(data), words[0] ?? "SPLINE"),
};
