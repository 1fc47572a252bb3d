// SPDX-License-Identifier: MIT
// New data at a steady pace: a number of the moment, and what is made of it, once a moment and only when somebody looks.

export interface Generator extends Disposable {
  /** Moments since the start. */
  readonly moment: number;
  /** The value of `name` at this moment: made at its first use. */
  now<T>(name: string, make: (moment: number) => T): T;
}

/** `period` in milliseconds; `onMoment` is called as each moment begins. */
export function generator(period: number, onMoment: () => void): Generator {
  let moment = 0;
  const made = new Map<string, unknown>();
  const timer = setInterval(() => {
    moment++;
    made.clear();
    onMoment();
  }, period);
  return {
    get moment() {
      return moment;
    },
    now<T>(name: string, make: (moment: number) => T): T {
      if (!made.has(name)) made.set(name, make(moment));
      return made.get(name) as T;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
