// SPDX-License-Identifier: MIT
// LIMA's enumerations: string attributes that take certain words, in any case.
import { devFailed } from "../../../tango/errors.ts";

export interface Choice {
  readonly values: () => readonly string[];
  readonly read: () => string;
  readonly write: (value: string) => unknown;
}

/** One of `values`, kept elsewhere. */
export const choice = <T extends string>(
  values: readonly T[] | (() => readonly T[]),
  read: () => T,
  write: (value: T) => unknown,
): Choice => ({
  values: typeof values === "function" ? values : () => values,
  read,
  write: (value) => write(value as T),
});

/** One of `values` that nothing but its readers depends on. */
export function keptChoice<T extends string>(values: readonly T[], initial: NoInfer<T>): Choice {
  let kept: T = initial;
  return choice(
    values,
    () => kept,
    (value) => {
      kept = value;
    },
  );
}

export type ChoiceHandlers<Choices> = {
  readonly [Name in keyof Choices]: {
    readonly read: () => string;
    readonly write: (value: string) => Promise<void>;
  };
};

/** The handlers of attributes that are choices, by name. @throws DevFailed WrongData naming a word that is none. */
export function choiceHandlers<Choices extends Readonly<Record<string, Choice>>>(
  choices: Choices,
): ChoiceHandlers<Choices> {
  const handlers = Object.entries(choices).map(([name, { values, read, write }]) => {
    const set = async (text: string): Promise<void> => {
      const wanted = text.toUpperCase();
      const known = values().find((value) => value.toUpperCase() === wanted);
      if (known === undefined) throw devFailed("WrongData", `Wrong value ${name}: ${wanted}`, "LimaCCD Class");
      await write(known);
    };
    return [name, { read, write: set }] as const;
  });
  return Object.fromEntries(handlers) as ChoiceHandlers<Choices>;
}

/** The answer of getAttrStringValueList. */
export const valuesOf = (choices: Readonly<Record<string, Choice>>, attribute: string): string[] => {
  const name = Object.keys(choices).find((key) => key.toLowerCase() === attribute.toLowerCase());
  return name === undefined ? [] : [...(choices[name]?.values() ?? [])];
};
