// SPDX-License-Identifier: MIT
// Handlers may answer at once or later. What answers at once must not cost a promise: these keep it synchronous.
import type { Awaitable } from "./types.ts";

export const isPromise = <T>(value: Awaitable<T>): value is Promise<T> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

export const andThen = <T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> =>
  isPromise(value) ? value.then(next) : next(value);

/** Runs `run`; what it gives goes to `ok`, what it throws, now or later, to `failed`. */
export function attempt<T, R>(
  run: () => Awaitable<T>,
  ok: (value: T) => R,
  failed: (error: unknown) => R,
): Awaitable<R> {
  let value: Awaitable<T>;
  try {
    value = run();
  } catch (error) {
    return failed(error);
  }
  return isPromise(value) ? value.then(ok, failed) : ok(value);
}

/** `action` for each item, one after the other. */
export function inTurn<T>(items: readonly T[], action: (item: T, index: number) => Awaitable<void>): Awaitable<void> {
  for (let index = 0; index < items.length; index++) {
    const done = action(items[index] as T, index);
    if (isPromise(done)) return continueInTurn(done, items, action, index + 1);
  }
}

async function continueInTurn<T>(
  first: Promise<void>,
  items: readonly T[],
  action: (item: T, index: number) => Awaitable<void>,
  from: number,
): Promise<void> {
  await first;
  for (let index = from; index < items.length; index++) await action(items[index] as T, index);
}

/** `action` for each item, one after the other, and what it gave. */
export function mapInTurn<T, R>(items: readonly T[], action: (item: T, index: number) => Awaitable<R>): Awaitable<R[]> {
  const results: R[] = [];
  const done = inTurn(items, (item, index) => andThen(action(item, index), (result) => void results.push(result)));
  return andThen(done, () => results);
}
