// SPDX-License-Identifier: MIT
// Calculated axes in motion: real axes started together, watched, and stopped together when one of them fails.
import type { Geometry } from "./geometry.ts";
import { obstacle, type Range, reach } from "./reach.ts";
import type { RealAxes, RealState } from "./reals.ts";

/** A motion that ended in a fault of a real axis. */
export class RealAxisFailed extends Error {
  readonly state = "FAULT";
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
    await this.reals.start(this.geometry.toReal(targets));
    let stopping = false;
    let broken: number | undefined;
    for (;;) {
      await this.look().catch(async (error: unknown) => {
        // One that cannot be seen any more must not leave the others moving.
        await this.reals.stop("Stop").catch(() => {});
        throw error;
      });
      moved();
      broken ??= this.#broken();
      if ((signal.aborted || broken !== undefined) && !stopping) {
        stopping = true;
        await this.reals.stop(signal.reason === "abort" ? "Abort" : "Stop");
      }
      if (this.state !== "MOVING") break;
      await pause();
    }
    if (broken !== undefined) throw await this.#failure(broken);
    if (!stopping) this.#sent = { targets, reals: this.#looked.map(({ position }) => position) };
  }

  #broken(): number | undefined {
    const index = this.#looked.findIndex(({ state }) => failed.has(state));
    return index < 0 ? undefined : index;
  }
  async #failure(index: number): Promise<RealAxisFailed> {
    const { state } = this.#looked[index] ?? { state: "UNKNOWN" };
    const status = await this.reals.status(index).catch((error: unknown) => String(error));
    return new RealAxisFailed(`${this.geometry.reals[index]} (${this.reals.names[index]}) is in ${state}: ${status}`);
  }
}
