// SPDX-License-Identifier: MIT
// The status word of an IcePAP driver board (?STATUS, ?FSTATUS): every field, both ways, and what its codes mean.

/** Field -> first bit, number of bits. */
const fields = {
  /** 0 absent, 1 present but silent, 2 in configuration mode, 3 alive. */
  presence: [0, 2],
  mode: [2, 2],
  disable: [4, 3],
  indexer: [7, 2],
  ready: [9, 1],
  moving: [10, 1],
  settling: [11, 1],
  outOfWindow: [12, 1],
  warning: [13, 1],
  stopCode: [14, 4],
  limitHigh: [18, 1],
  limitLow: [19, 1],
  home: [20, 1],
  aux5V: [21, 1],
  versionError: [22, 1],
  powerOn: [23, 1],
  info: [24, 8],
} as const satisfies Record<string, readonly [shift: number, bits: number]>;

export type StatusField = keyof typeof fields;
export type IcepapStatus = Readonly<Record<StatusField, number>>;

const entries = Object.entries(fields) as [StatusField, readonly [number, number]][];

export const decodeStatus = (word: number): IcepapStatus =>
  Object.fromEntries(
    entries.map(([name, [shift, bits]]) => [name, (word >>> shift) & (2 ** bits - 1)]),
  ) as IcepapStatus;

/** Fields left out are 0. */
export const encodeStatus = (status: Partial<Record<StatusField, number | boolean>>): number =>
  entries.reduce((word, [name, [shift]]) => (word | (Number(status[name] ?? 0) << shift)) >>> 0, 0);

/** As the controller writes it. */
export const statusText = (word: number): string => `0x${word.toString(16).padStart(8, "0")}`;

export const presences = ["not present", "not responding", "in configuration mode", "alive"] as const;
export const modes = ["OPER", "PROG", "TEST", "FAIL"] as const;
export const disables = [
  "enabled",
  "not active: configuration parameter ACTIVE is NO",
  "hardware alarm",
  "disabled by the rack's remote input",
  "disabled by the rack's switch",
  "disabled by the axis' remote input",
  "disabled by the axis' switch",
  "switched off by software",
] as const;
export const NOT_ACTIVE = 1;
export const HARDWARE_ALARM = 2;
export const SOFTWARE_OFF = 7;

export const stopCodes = [
  "end of movement",
  "stopped",
  "aborted",
  "limit switch +",
  "limit switch -",
  "settling timeout",
  "axis disabled",
  "",
  "internal failure",
  "motor failure",
  "power overload",
  "driver overheating",
  "closed-loop error",
  "control-encoder error",
  "",
  "external alarm",
] as const;
/** Ends of a motion that are no failure of the axis: target, stop, abort, limit switches, a long settling. */
const harmless = new Set([0, 1, 2, 3, 4, 5, 7, 14]);
export const failedBy = ({ ready, stopCode }: IcepapStatus): string | undefined =>
  ready && !harmless.has(stopCode) ? stopCodes[stopCode] : undefined;
