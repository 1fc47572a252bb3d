// SPDX-License-Identifier: MIT
// What the master of an emulated rack understands itself, one line a command.
import { boardCommands } from "./commands-table.ts";
import type { Rack } from "./rack.ts";
import { Refusal } from "./refusal.ts";
import { long } from "./words.ts";

const rackOf = (address: number): number => Math.floor(address / 10);
const mask = (bits: Iterable<number>): string =>
  `0x${[...bits].reduce((sum, bit) => sum | (1 << bit), 0).toString(16)}`;
/** Racks asked for; the first when none is. */
const racksOf = (words: readonly string[]): readonly string[] => (words.length > 0 ? words : ["0"]);

export const systemCommands: Readonly<Record<string, (rack: Rack, words: readonly string[]) => string>> = {
  "?VER": (_, [what = "SYSTEM"]) => (/^INFO$/i.test(what) ? versions : "3.17"),
  "?SYSSTAT": ({ boards }, [number]) => {
    if (number === undefined) return mask([...boards.keys()].map(rackOf));
    const slots = [...boards.values()].filter(({ address }) => rackOf(address) === Number(number));
    const slot = ({ address }: { readonly address: number }) => (address % 10) - 1;
    return `${mask(slots.map(slot))} ${mask(slots.filter(({ alive }) => alive).map(slot))}`;
  },
  "?MODE": () => "OPER",
  "?RID": (_, racks) =>
    racksOf(racks)
      .map((rack) => `0008.00F0.${rack.padStart(4, "0")}`)
      .join(" "),
  "?RTEMP": (_, racks) =>
    racksOf(racks)
      .map(() => "30")
      .join(" "),
  "?TIME": () => new Date().toISOString(),
  "?IPMASK": () => "255.255.255.0",
  "?HELP": () => long([...Object.keys(boardCommands), ...Object.keys(systemCommands)]),
  "?LINKED": ({ linked }) => long(Object.entries(linked).map(([name, axes]) => [name, ...axes].join(" "))),
  "?PMUX": ({ routes }) => long([...routes].map(([to, { from, flags }]) => [...flags, from, to].join(" ").trim())),
  PMUX: ({ routes }, given) => {
    const words = given.map((word) => word.toUpperCase());
    const isFlag = (word: string) => /^(HARD|POS|AUX)$/.test(word);
    const [from, to = ""] = words.filter((word) => !isFlag(word));
    if (from === "REMOVE") {
      if (to === "") routes.clear();
      else routes.delete(to);
    } else if (from === undefined || ![from, to].every((node) => /^([BCE]\d+)?$/.test(node)))
      throw new Refusal("Wrong parameter(s)");
    else routes.set(to, { from, flags: words.filter(isFlag) });
    return "";
  },
};

const versions = [
  "$",
  "SYSTEM       : 3.17 : Mon Feb 16 2015",
  "   CONTROLLER : 3.17 : Mon Feb 16 2015",
  "      DSP    : 3.67 : Mon Feb 16 2015",
  "      FPGA   : 2.05 : Fri Feb 06 2015",
  "   DRIVER    : 3.17 : Mon Feb 16 2015",
  "      DSP    : 3.67 : Mon Feb 16 2015",
  "      FPGA   : 2.05 : Fri Feb 06 2015",
  "$",
].join("\r\n");
