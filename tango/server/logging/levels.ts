// SPDX-License-Identifier: MIT

/** By number, as the admin device's commands have them. */
export const levels = ["OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG"] as const;
export type Level = (typeof levels)[number];

export const levelNumber = (level: Level): number => levels.indexOf(level);

/** A level by name or, from old properties, with WARNING spelled out; undefined when it is none. */
export function parseLevel(text: string): Level | undefined {
  const name = text.trim().toUpperCase();
  return levels.find((level) => level === name || (level === "WARN" && name === "WARNING"));
}

/** The level that `-v` and a number ask for: -v1 and -v2 INFO, -v3 and above DEBUG. */
export const verboseLevel = (verbosity: number): Level => (verbosity <= 0 ? "OFF" : verbosity <= 2 ? "INFO" : "DEBUG");
