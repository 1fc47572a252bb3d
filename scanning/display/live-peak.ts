// SPDX-License-Identifier: MIT
// Where the largest value of one counter has been so far: what a person aligning waits for.
import type { Channel } from "../events.ts";
import type { Row } from "../run.ts";
import { written } from "./numbers.ts";

/** A number that tells of the sample, not of the scan itself: encoders of its axes are recorded without being asked for. */
export const isCounted = ({ dim, fullname }: Channel): boolean => dim === 0 && !/^(axis|timer|encoder):/.test(fullname);

/** `undefined` without an axis, or when it is not clear which counter is meant. */
export function livePeak(
  channels: readonly Channel[],
  names: readonly string[],
  selected: readonly string[],
): LivePeak | undefined {
  const at = (index: number) => ({ key: names[index] ?? "", channel: channels[index]! });
  const axis = channels.findIndex(({ fullname }) => fullname.startsWith("axis:"));
  const counters = channels.flatMap((channel, i) => (isCounted(channel) ? [i] : []));
  const chosen = counters.find((i) => selected.includes(channels[i]!.fullname) || selected.includes(channels[i]!.name));
  const counter = chosen ?? (counters.length === 1 ? counters[0] : undefined);
  return axis < 0 || counter === undefined ? undefined : new LivePeak(at(axis), at(counter));
}

interface Followed {
  readonly key: string;
  readonly channel: Channel;
}

export class LivePeak {
  readonly #axis: Followed;
  readonly #counter: Followed;
  #value = Number.NEGATIVE_INFINITY;
  #position = Number.NaN;

  constructor(axis: Followed, counter: Followed) {
    this.#axis = axis;
    this.#counter = counter;
  }
  see(row: Row): void {
    const [value, position] = [row[this.#counter.key], row[this.#axis.key]];
    if (typeof value !== "number" || typeof position !== "number" || !(value > this.#value)) return;
    this.#value = value;
    this.#position = position;
  }
  /** `diode peaks at roby 4.20000`; empty before the first value. */
  toString(): string {
    if (Number.isNaN(this.#position)) return "";
    const { decimals } = this.#axis.channel;
    const position = written(this.#position, decimals === undefined ? {} : { decimals });
    return `${this.#counter.key} peaks at ${this.#axis.key} ${position}`;
  }
}
