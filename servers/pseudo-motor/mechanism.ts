// SPDX-License-Identifier: MIT
// Calculated axes in motion: real axes started together, watched, and stopped together when one of them fails.
import type { Geometry } from "./geometry.ts";
import { obstacle, type Range, reach } from "./reach.ts";
import type { RealAxes, RealState } from "./reals.ts";

/** A motion that a real axis, or who else moves it, has ended; `state` is the state it leaves the device in. */
export class RealAxisFailed extends Error {
  readonly state: "FAULT" | "ALARM";

  constructor(state: "FAULT" | "ALARM", message: string) {
    super(message);
    this.state = state;
  }
}
/** A place that cannot be reached. */
export class OutOfReach extends RangeError {}

/** States in which a real axis rests well. */
const restful = new Set(["ON", "OFF", "STANDBY", "OPEN", "CLOSE"]);
const failed = new Set(["FAULT", "ALARM", "UNKNOWN", "DISABLE"]);

export class Mechanism {
  readonly geometry: Geometry;
  readonly reals: RealAxes;
  #looked: readonly RealState[] = [];
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Where it was sent and what the real axes read then: steps are rounded, targets are not. */
  #sent: { readonly targets: readonly number[]; readonly reals: readonly number[] } | undefined;

  constructor(geometry: Geometry, reals: RealAxes) {
    this.geometry = geometry;
    this.reals = reals;
  }

  /** Asks the real axes, unless they were asked less than `age` ms ago. @returns positions of the calculated axes. */
  async look(age = 0): Promise<readonly number[]> {
    if (performance.now() - this.#lookedAt > age || this.#looked.length === 0) {
      this.#looked = await this.reals.look();
      this.#lookedAt = performance.now();
    }
    return this.positions;
  }
  get positions(): readonly number[] {
    return this.geometry.toPseudo(this.#looked.map(({ position }) => position));
  }
  /** MOVING while one moves, else the worst of them. */
  get state(): "MOVING" | "FAULT" | "ALARM" | "ON" {
    const states = this.#looked.map(({ state }) => state);
    if (states.includes("MOVING") || states.includes("RUNNING")) return "MOVING";
    if (states.some((state) => state === "FAULT" || state === "UNKNOWN")) return "FAULT";
    return states.every((state) => restful.has(state)) ? "ON" : "ALARM";
  }

  /** Where the axes are to go when some of them are sent elsewhere. The others keep what they were sent to. */
  async targets(changes: ReadonlyMap<number, number>): Promise<number[]> {
    await this.look();
    return this.goals.map((position, i) => changes.get(i) ?? position);
  }
  /** Where the axes were last sent; where they are, when a real axis was moved otherwise since. */
  get goals(): readonly number[] {
    const sent = this.#sent;
    const undisturbed = sent?.reals.every((position, i) => position === this.#looked[i]?.position);
    return sent && undisturbed ? sent.targets : this.positions;
  }

  /** @throws OutOfReach naming the real axis that cannot go there. */
  async check(targets: readonly number[]): Promise<void> {
    const why = obstacle(this.geometry, await this.reals.limits(), targets);
    if (why) throw new OutOfReach(why);
  }
  async ranges(): Promise<Range[]> {
    const [limits, positions] = [await this.reals.limits(), this.positions];
    return this.geometry.axes.map((_, i) => reach(this.geometry, limits, positions, i));
  }

  /** Moves and waits for rest; an abort of `signal` stops the real axes. `moved` is called at each look. */
  async move(
    targets: readonly number[],
    signal: AbortSignal,
    pause: () => Promise<void>,
    moved: () => void,
  ): Promise<void> {
    const goals = this.geometry.toReal(targets);
    await this.reals.start(goals);
    let stopping = false;
    // What has ended it; told in words once all rest: the axis that failed may be slow to say why.
    let broken: (() => Promise<RealAxisFailed>) | undefined;
    let telling: readonly boolean[] | undefined;
    for (;;) {
      await this.look().catch(async (error: unknown) => {
        // One that cannot be seen any more must not leave the others moving.
        await this.reals.stop("Stop").catch(() => {});
        throw error;
      });
      moved();
      // Not every device tells where it was sent; one that does is watched.
      telling ??= goals.map((goal, i) => this.#isSentTo(i, goal));
      broken ??= this.#failure();
      if (!stopping && !signal.aborted) broken ??= this.#diversion(goals, telling);
      if ((signal.aborted || broken) && !stopping) {
        stopping = true;
        await this.reals.stop(signal.reason === "abort" ? "Abort" : "Stop");
      }
      if (this.state !== "MOVING") break;
      await pause();
    }
    if (broken) throw await broken();
    if (!stopping) this.#sent = { targets, reals: this.#looked.map(({ position }) => position) };
  }

  #failure(): (() => Promise<RealAxisFailed>) | undefined {
    const index = this.#looked.findIndex(({ state }) => failed.has(state));
    if (index < 0) return undefined;
    const state = this.#looked[index]?.state;
    return async () => {
      const status = await this.reals.status(index).catch((error: unknown) => String(error));
      return new RealAxisFailed("FAULT", `${this.#named(index)} is in ${state}: ${status}`);
    };
  }

  /** Somebody else has stopped a real axis, or sent it elsewhere. */
  #diversion(goals: readonly number[], telling: readonly boolean[]): (() => Promise<RealAxisFailed>) | undefined {
    const index = goals.findIndex((goal, i) => telling[i] && !this.#isSentTo(i, goal));
    if (index < 0) return undefined;
    const elsewhere = `${this.#looked[index]?.set} instead of ${goals[index]}`;
    const why = `${this.#named(index)} was stopped, or sent on, by somebody else: ${elsewhere}`;
    return async () => new RealAxisFailed("ALARM", why);
  }

  #isSentTo(index: number, goal: number): boolean {
    return Math.abs((this.#looked[index]?.set ?? Number.NaN) - goal) <= 1e-9 * Math.max(1, Math.abs(goal));
  }
  #named(index: number): string {
    return `${this.geometry.reals[index]} (${this.reals.names[index]})`;
  }
}
