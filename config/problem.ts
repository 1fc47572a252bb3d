// SPDX-License-Identifier: MIT
// What is wrong with a configuration, and where.

/** A place in a file; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
export interface Problem {
  readonly place: Place;
  readonly message: string;
}

/** `beamline.yml:12:5`, as editors and terminals open it. */
export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** All problems of a configuration at once, in the order of its files. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ place, message }) => `${placeText(place)}: ${message}`).join("\n"));
    this.problems = problems;
  }
}
