// SPDX-License-Identifier: MIT
// Histories of polled commands, in each version of the interface: oldest first.
import type { DevError } from "../../errors.ts";
import type { AttributeDim, DevCmdHistory_4, TimeVal } from "../../idl/index.ts";
import { fromAny } from "../../idl/index.ts";
import { expanded } from "./history.ts";
import type { Invoke } from "./invoke.ts";

export interface CommandRecord {
  readonly time: TimeVal;
  readonly value: unknown;
  readonly errors: readonly DevError[];
}
export type CommandHistory = (invoke: Invoke, name: string, count: number) => Promise<readonly CommandRecord[]>;

export const commandHistory: Readonly<Record<number, CommandHistory>> = {
  2: async (invoke, name, count) =>
    (await invoke("command_inout_history_2", [name, count])).map(({ time, cmd_failed, value, errors }) => ({
      time,
      value: cmd_failed ? undefined : fromAny(value).value,
      errors: cmd_failed ? errors : [],
    })),
  4: async (invoke, name, count) => fromCommandHistory(await invoke("command_inout_history_4", [name, count])),
};

type Elements = ArrayLike<unknown> & { slice(from: number, to: number): unknown };
interface Pair {
  readonly lvalue?: Elements;
  readonly dvalue?: Elements;
  readonly svalue: Elements;
}
/** CmdArgType numbers of lists, and of pairs of lists. */
const lists: ReadonlySet<number> = new Set([9, 10, 11, 12, 13, 14, 15, 16, 25, 26, 31]);
const pairs: ReadonlySet<number> = new Set([17, 18]);

/** All values come in one list, newest first, cut by their dimensions. */
export function fromCommandHistory(history: DevCmdHistory_4): readonly CommandRecord[] {
  const { dates, cmd_type: type } = history;
  const dims = expanded(history.dims, history.dims_array, dates.length);
  const errors = expanded(history.errors, history.errors_array, dates.length);
  const all = fromAny(history.value).value as Elements | Pair | undefined;
  const found: CommandRecord[] = [];
  const from = { x: 0, y: 0 };
  for (let index = dates.length - 1; index >= 0; index--) {
    const failed = errors[index] ?? [];
    const dim = dims[index];
    const has = failed.length === 0 && dim !== undefined && all !== undefined;
    found.push({ time: dates[index]!, value: has ? cut(all, type, dim, from) : undefined, errors: failed });
    if (!has) continue;
    from.x += dim.dim_x;
    from.y += dim.dim_y;
  }
  return found.reverse();
}

function cut(
  all: Elements | Pair,
  type: number,
  { dim_x, dim_y }: AttributeDim,
  from: { x: number; y: number },
): unknown {
  if (pairs.has(type)) {
    const { lvalue, dvalue, svalue } = all as Pair;
    const numbers = (lvalue ?? dvalue)?.slice(from.y, from.y + dim_y);
    return { [lvalue ? "lvalue" : "dvalue"]: numbers, svalue: svalue.slice(from.x, from.x + dim_x) };
  }
  const elements = all as Elements;
  return lists.has(type) ? elements.slice(from.x, from.x + dim_x) : elements[from.x];
}
