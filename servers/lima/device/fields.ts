// SPDX-License-Identifier: MIT
// Handlers of attributes that are a field of some record.

export interface FieldHandler<Value> {
  readonly read: () => Value;
  readonly write: (value: Value) => void;
}

/** Reads and writes `record[key]`; `check` may refuse what is written. */
export const field = <T extends object, K extends keyof T>(
  record: T,
  key: K,
  check?: (value: T[K]) => void,
): FieldHandler<T[K]> => ({
  read: () => record[key],
  write: (value) => {
    check?.(value);
    record[key] = value;
  },
});

/** A value that is kept for its readers. */
export const kept = <Value>(initial: Value, check?: (value: Value) => void): FieldHandler<Value> =>
  field({ value: initial }, "value", check);

/** Refuses what is not a whole number from `min` on, naming the attribute. */
export const atLeast = (attribute: string, min: number) => (value: number) => {
  if (!(Number.isInteger(value) && value >= min))
    throw new Error(`Invalid ${attribute}: ${value}; a whole number from ${min} on is wanted`);
};
