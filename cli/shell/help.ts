// SPDX-License-Identifier: MIT
// Help while typing: the list of verbs, and the arguments of the one that is being written.
import { nearest } from "../../scanning/index.ts";
import { verbUsages } from "./usage-table.ts";

/** `ascan(motor, start, stop, ...)  step an axis` */
function usageLine(verb: string): string {
  const { arguments: words, about } = verbUsages[verb]!;
  return `${verb}(${words})${about === "" ? "" : `  ${about}`}`;
}

/** @throws RangeError with the nearest verb */
export function helpLines(verb?: string | ((...args: never[]) => unknown), name?: string): string[] {
  const wanted = typeof verb === "string" ? verb : name;
  if (wanted === undefined)
    return [
      ...Object.keys(verbUsages)
        .filter((each) => verbUsages[each]!.about !== "")
        .map(usageLine),
      "Tab completes names and shows arguments. Ctrl-C stops what runs, Esc ends a scan after its point, Ctrl-D leaves.",
    ];
  if (Object.hasOwn(verbUsages, wanted)) return [usageLine(wanted)];
  const near = nearest(wanted, Object.keys(verbUsages));
  throw new RangeError(`no verb ${wanted}${near ? `; did you mean ${near}?` : "; help() lists them"}`);
}

/** The usage of the verb whose arguments are being typed, when no word has been begun. */
export function hintAt(line: string): string | undefined {
  const open = /(\w+)\(\s*$|(\w+)\((?:[^()]|\([^()]*\))*,\s*$/.exec(line);
  const verb = open?.[1] ?? open?.[2];
  return verb !== undefined && Object.hasOwn(verbUsages, verb) ? usageLine(verb) : undefined;
}
