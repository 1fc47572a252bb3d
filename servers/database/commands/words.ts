// SPDX-License-Identifier: MIT
// Reading the string lists the database commands take: names, counts and values in a row, never past the end.
import { devFailed } from "../../../tango/errors.ts";

export interface Words {
  readonly left: number;
  /** The next word; `what` names it in the error when there is none. */
  next(what: string): string;
  /** The next word as a count. */
  count(what: string): number;
  take(count: number, what: string): string[];
}

/** @throws DevFailed DB_IncorrectArguments from its methods, saying what was expected where. */
export function words(list: readonly string[]): Words {
  let at = 0;
  const next = (what: string): string => {
    const word = list[at];
    if (word === undefined)
      throw incorrect(`element ${at} of the argument should be ${what}, but it has only ${list.length}`);
    at++;
    return word;
  };
  const count = (what: string): number => {
    const word = next(what);
    if (!/^\d+$/.test(word)) throw incorrect(`element ${at - 1} of the argument should be ${what}, not "${word}"`);
    return Number(word);
  };
  return {
    get left() {
      return list.length - at;
    },
    next,
    count,
    take: (many, what) => {
      // Said before reading, so that a wild count costs nothing.
      if (many > list.length - at)
        throw incorrect(`${many} elements from ${at} should be ${what}, but only ${list.length - at} are left`);
      return list.slice(at, (at += many));
    },
  };
}

export const incorrect = (desc: string, origin = "") => devFailed("DB_IncorrectArguments", desc, origin);

/** @throws DevFailed DB_IncorrectArguments with Tango's own words when `list` is shorter than `least`. */
export function atLeast(least: number, list: readonly string[], desc: string, origin: string): void {
  if (list.length < least) throw incorrect(desc, origin);
}
