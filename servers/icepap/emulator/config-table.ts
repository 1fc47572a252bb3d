// SPDX-License-Identifier: MIT
// The configuration parameters of a board, in the order a dump shows them (name, value of a new board, what it may be),
// and its other words.

const parameters: readonly (readonly [name: string, initial: string, allowed: string])[] = [
  ["ACTIVE", "YES", "{NO YES}"],
  ["PROTLEVEL", "0", "INTEGER"],
  ["NAMELOCK", "NO", "{NO YES}"],
  ["ANSTEP", "200", "INTEGER"],
  ["ANTURN", "1", "INTEGER"],
  ["POSSRC", "AXIS", "{AXIS MOTOR}"],
  ["INDEXER", "INTERNAL", "{INTERNAL SYNC INPOS ENCIN LINKED}"],
  ["DEFVEL", "1000", "FLOAT"],
  ["STRTVEL", "100", "FLOAT"],
  ["DEFACCT", "0.25", "FLOAT"],
  ["POWERON", "NO", "{NO YES}"],
  ["MOTSENSE", "NORMAL", "{NORMAL INVERTED}"],
  ["LPPOL", "NORMAL", "{NORMAL INVERTED}"],
  ["LMPOL", "NORMAL", "{NORMAL INVERTED}"],
  ["SHFTENC", "NONE", "{NONE ENCIN INPOS ABSENC MOTOR}"],
  ["TGTENC", "NONE", "{NONE ENCIN INPOS ABSENC MOTOR}"],
  ["CTRLENC", "NONE", "{NONE ENCIN INPOS ABSENC MOTOR}"],
  ["PCLOOP", "NONE", "{NONE ENCIN INPOS ABSENC MOTOR SHFTENC TGTENC}"],
  ["PCLTAU", "0.1", "FLOAT"],
  ["PCLMODE", "SIMPLE", "{SIMPLE}"],
  ["PCLERROR", "100", "INTEGER"],
  ["PCLDEADBD", "1", "INTEGER"],
  ["PCLSETLW", "10", "INTEGER"],
  ["PCLSETLT", "0.1", "FLOAT"],
  ["CTRLERROR", "100", "INTEGER"],
  ["HOMESRC", "HOME", "{NONE HOME LIM+ LIM- ENCAUX INPAUX}"],
  ["HOMETYPE", "SWITCH", "{MECHSW SWITCH PULSE}"],
  ["HOMEPOL", "NORMAL", "{NORMAL INVERTED}"],
  ["HOMEVEL", "100", "FLOAT"],
  ["MOTPHASES", "2", "INTEGER"],
  ["MOTPOLES", "50", "INTEGER"],
  ["MREGMODE", "EXT", "{EXT TORQUE}"],
  ["NVOLT", "80", "INTEGER"],
  ["IVOLT", "40", "INTEGER"],
  ["NCURR", "1", "FLOAT"],
  ["ICURR", "50", "INTEGER"],
  ["BCURR", "0", "FLOAT"],
  ["CURRGAIN", "1", "FLOAT"],
  ["MREGP", "20", "FLOAT"],
  ["MREGI", "1", "FLOAT"],
  ["MREGD", "0", "FLOAT"],
  ...["EIN", "INP", "ABS"].flatMap((encoder) => [
    [`${encoder}MODE`, encoder === "ABS" ? "SSI" : "QUAD", encoder === "ABS" ? "{SSI}" : "{QUAD PULSE+ PULSE-}"] as const,
    [`${encoder}SENSE`, "NORMAL", "{NORMAL INVERTED}"] as const,
    [`${encoder}NSTEP`, "200", "INTEGER"] as const,
    [`${encoder}NTURN`, "1", "INTEGER"] as const,
  ]),
  ["ABSOFFSET", "0", "INTEGER"],
  ["SSIDBITS", "12", "INTEGER"],
  ["SSICODE", "GRAY", "{GRAY BINARY}"],
  ["SSICLOCK", "125KHz", "{125KHz 250KHz 500KHz 1250KHz 2500KHz 5000KHz}"],
  ["SSIDELAY", "500us", "{5us 10us 50us 100us 500us}"],
  ["SSISTATUS", "NONE", "{NONE 1BIT 2BITS}"],
  ...["A", "B", "C"].flatMap((info) => [
    [`INFO${info}SRC`, "LOW", "{LOW HIGH LIM+ LIM- HOME ENCAUX INPAUX SYNCAUX ENABLE ALARM READY MOVING BOOST STEADY ECAM}"] as const,
    [`INFO${info}POL`, "NORMAL", "{NORMAL INVERTED}"] as const,
  ]),
  ["OUTPSRC", "AXIS", "{AXIS MOTOR}"],
  ["OUTPMODE", "QUAD", "{QUAD PULSE+ PULSE-}"],
  ["OUTPSENSE", "NORMAL", "{NORMAL INVERTED}"],
  ["OUTPPULSE", "50ns", "{50ns 200ns 2us 20us}"],
]; // biome-ignore format: a table

export const configDefaults: readonly (readonly [name: string, value: string])[] = parameters.map(([name, value]) => [
  name,
  value,
]);
/** Name -> what it may be. */
export const configAllowed: ReadonlyMap<string, string> = new Map(
  parameters.map(([name, , allowed]) => [name, allowed]),
);

/** Why `value` cannot be `name`, in the controller's words; `undefined` when it can. */
export function configObjection(name: string, value: string): string | undefined {
  const allowed = configAllowed.get(name);
  if (allowed === undefined) return "Wrong parameter(s)";
  const words = /^\{(.*)\}$/.exec(allowed)?.[1]?.toUpperCase().split(" ");
  const good = words ? words.includes(value.toUpperCase()) : value !== "" && Number.isFinite(Number(value));
  return good && (allowed !== "INTEGER" || Number.isInteger(Number(value))) ? undefined : "Out of range parameter(s)";
}

/** What a new board says of itself: word -> answer. */
export const initialWords: readonly (readonly [string, string])[] = Object.entries({
  MODE: "OPER",
  ALARM: "NO",
  WARNING: "NONE",
  PCLOOP: "OFF",
  INDEXER: "INTERNAL",
  AUXPS: "ON",
  CSWITCH: "NORMAL",
  INFOA: "LOW NORMAL",
  INFOB: "LOW NORMAL",
  INFOC: "LOW NORMAL",
  OUTPOS: "LOW NORMAL",
  OUTPAUX: "LOW NORMAL",
  SYNCPOS: "LOW NORMAL",
  SYNCAUX: "LOW NORMAL",
  CONFIG: "",
  ECAM: "OFF",
  POST: "0",
  WTEMP: "45",
});
