// SPDX-License-Identifier: MIT
// What an emulated board understands, one line a command. The same line serves both forms: `3:MOVE 10` to one board, and
// `MOVE 3 10 4 20` to the master, which names boards among its arguments.
import { decodeStatus, stopCodes } from "../status.ts";
import type { Board } from "./board.ts";
import { memoryCommands } from "./memory-table.ts";
import { Refusal } from "./refusal.ts";
import { float, integer, long, notNegative, positive } from "./words.ts";

/** Where the master's form has its values: none (`STOP 1 2`), one a board (`POS 1 10 2 20`), one for all (`POWER ON 1 2`). */
type Values = "none" | "each" | "shared";

export interface BoardCommand {
  readonly values: Values;
  /** Words that may come first. */
  readonly options?: RegExp;
  /** Throws a Refusal when the board cannot do it; asked of all boards before any does it. */
  readonly check?: (board: Board, value: string, options: readonly string[]) => void;
  /** The answer of a query. */
  readonly run: (board: Board, value: string, options: readonly string[]) => unknown;
}

const registers = /^(AXIS|MEASURE|SHFTENC|TGTENC|CTRLENC|ENCIN|INPOS|ABSENC|MOTOR|SYNC)$/;
const together = /^(GROUP|STRICT)$/;
const sign = (text: string): 1 | -1 => (integer(text) < 0 ? -1 : 1);
const first = (options: readonly string[], initial = "AXIS"): string => options[0] ?? initial;

const query = (run: BoardCommand["run"], options?: RegExp): BoardCommand => ({
  values: "none",
  run,
  ...(options && { options }),
});
const stateless = (values: Values, run: BoardCommand["run"], options?: RegExp): BoardCommand => ({
  values,
  run,
  ...(options && { options }),
});
/** Refused while the board cannot move. */
const motion = (run: (board: Board, value: string) => void, values: Values = "each"): BoardCommand => ({
  values,
  options: together,
  check: (board, value) => {
    board.idle();
    if (values !== "none") float(value);
  },
  run,
});

export const boardCommands: Readonly<Record<string, BoardCommand>> = {
  "?STATUS": query((board) => `0x${board.status().toString(16).padStart(8, "0")}`),
  "?FSTATUS": query((board) => `0x${board.status().toString(16).padStart(8, "0")}`),
  "?STOPCODE": query((board) => `0x${board.stopCode().toString(16).padStart(4, "0")}`),
  "?VSTOPCODE": query((board) => stopCodes[board.stopCode()]),
  "?POS": query((board, _, options) => board.register(first(options)), registers),
  "?FPOS": query((board, _, options) => board.register(first(options)), registers),
  "?ENC": query((board, _, options) => board.register(first(options)), registers),
  POS: stateless("each", (board, value, options) => board.setRegister(first(options), integer(value)), registers),
  ENC: stateless("each", (board, value, options) => board.setRegister(first(options), integer(value)), registers),

  MOVE: motion((board, value) => board.move(integer(value))),
  CMOVE: { values: "each", check: (board) => board.idle("CONFIG"), run: (board, value) => board.move(integer(value)) },
  CJOG: { values: "each", check: (board) => board.ready("CONFIG"), run: (board, value) => board.jog(float(value)) },
  RMOVE: motion((board, value) => board.move(board.steps + integer(value))),
  UMOVE: { values: "each", check: (board) => board.ready(), run: (board, value) => board.move(integer(value)) },
  JOG: {
    values: "each",
    check: (board, value) => {
      board.ready();
      float(value);
    },
    run: (board, value) => board.jog(float(value)),
  },
  STOP: stateless("none", (board) => board.halt("STOP")),
  ABORT: stateless("none", (board) => board.halt("ABORT")),
  HOME: { ...motion((board, value) => board.home(sign(value))), values: "each" },
  "?HOMESTAT": query((board) => board.searchState("home")),
  "?HOMEPOS": query((board) => board.searchPlace("home"), registers),
  "?HOMEENC": query((board) => board.searchPlace("home"), registers),
  SRCH: {
    values: "each",
    options: /^(POSEDGE|NEGEDGE)$/,
    check: (board) => board.idle(),
    run: (board, value) => {
      const [, signal, , way = "+1"] = /^(LIM[+-]|HOME)( ([+-]1))?$/.exec(value.toUpperCase()) ?? [];
      if (signal === "HOME") board.home(sign(way));
      else if (signal) board.searchLimit(signal === "LIM+" ? 1 : -1);
      else throw new Refusal("Wrong parameter(s)");
    },
  },
  "?SRCHSTAT": query((board) => board.searchState("limit")),
  "?SRCHPOS": query((board) => board.searchPlace("limit"), registers),
  "?SRCHENC": query((board) => board.searchPlace("limit"), registers),

  "?POWER": query((board) => (board.powered ? "ON" : "OFF")),
  POWER: {
    values: "shared",
    check: (board, value) => {
      if (!/^(ON|OFF)$/i.test(value)) throw new Refusal("Wrong parameter(s)");
      if (board.disable && /^ON$/i.test(value)) throw new Refusal("Axis disabled");
    },
    run: (board, value) => board.power(value.toUpperCase() === "ON"),
  },
  "?VELOCITY": query(
    (board, _, options) => velocityOf(board, first(options, "NOMINAL")),
    /^(NOMINAL|MIN|MAX|DEFAULT|CURRENT|MOTOR)$/,
  ),
  VELOCITY: stateless("each", (board, value) => board.setVelocity(positive(value)), /^NOMINAL$/),
  "?ACCTIME": query((board, _, options) => acctimeOf(board, first(options, "NOMINAL")), /^(NOMINAL|STEPS|DEFAULT)$/),
  ACCTIME: stateless("each", (board, value) => board.setAcctime(positive(value)), /^NOMINAL$/),
  "?JOG": query((board) => (board.moving ? board.velocity : 0)),
  ESYNC: stateless("none", (board) => board.setRegister("AXIS", board.register("TGTENC"))),
  CTRLRST: stateless("none", () => {}),

  PARVEL: stateless("shared", (board, value) => void (board.parametricVelocity = float(value))),
  "?PARVEL": query((board, _, options) => (options.length > 0 ? 1000 : board.parametricVelocity), /^max$/i),
  PARACCT: stateless("shared", (board, value) => void (board.parametricAcctime = notNegative(value))),
  "?PARACCT": query((board) => board.parametricAcctime),
  MOVEP: motion((board, value) => board.join(float(value)), "shared"),
  PMOVE: motion((board, value) => board.moveAlong(float(value)), "shared"),
  "?PARPOS": query((board) => board.parameter),
  "?ID": query(
    (board, _, options) =>
      first(options, "HW") === "SN" ? "" : `0008.0153.${(0xf700 + board.address).toString(16).toUpperCase()}`,
    /^(HW|SN)$/,
  ),
  "?ADDR": query((board) => board.address),
  "?VSTATUS": query((board) =>
    long(Object.entries(decodeStatus(board.status())).map(([field, value]) => `${field}: ${value}`)),
  ),
  "?SERR": query(() => "0"),
  "?MEMORY": query(() => "0 0 1048576"),
  BLINK: stateless("shared", (_, value) => void positive(value)),
  ...memoryCommands,
  "?MEAS": query((_, __, options) => measured[first(options, "VCC")] ?? 0, /^(VCC|VM|I|IA|IB|IC|R|RA|RB|RC|T|RT)$/),
};

const measured: Readonly<Record<string, number>> = { VCC: 24, VM: 80, I: 0.5, IA: 0.5, IB: 0.5, R: 1.2, T: 32, RT: 30 };

function velocityOf({ velocity, moving }: Board, kind: string): number {
  if (kind === "MIN") return 2;
  if (kind === "MAX") return 1e6;
  return kind === "CURRENT" && !moving ? 0 : velocity;
}
const acctimeOf = ({ velocity, acctime }: Board, kind: string): number =>
  kind === "STEPS" ? Math.round((velocity * acctime) / 2) : acctime;
