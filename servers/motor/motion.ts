// SPDX-License-Identifier: MIT
// One motion while it lasts: where it still has to go, who may bend it, who stopped it.

/** "found": the controller moved when nobody here had asked; it is watched until it rests. */
export type MotionKind = "move" | "home" | "limit search" | "jog" | "trajectory" | "found";
export type Halt = "stop" | "abort";

export class Motion {
  readonly kind: MotionKind;
  /** For Status. */
  readonly doing: string;
  #legs: readonly number[];
  #goal: number | undefined;
  #halt: Halt | undefined;
  #bent = false;
  #wake: (() => void) | undefined;
  /** Told when this one is halted, so that motions that started together stop together. */
  readonly halted = new Set<(how: Halt) => void>();

  constructor(kind: MotionKind, doing: string, legs: readonly number[] = []) {
    this.kind = kind;
    this.doing = doing;
    this.#legs = legs;
  }

  /** The next place to go to, in steps; `undefined` when it is there, or halted. */
  next(): number | undefined {
    if (this.#halt) return undefined;
    const [leg, ...rest] = this.#legs;
    this.#legs = rest;
    this.#bent = false;
    if (leg !== undefined) this.#goal = leg;
    return leg;
  }
  /** Where it goes after that, in steps. */
  get legs(): readonly number[] {
    return this.#legs;
  }
  /** The place it was last sent to, in steps; `undefined`: anywhere. */
  get goal(): number | undefined {
    return this.#goal;
  }

  /** It is sent to `goal` by other means than its legs. */
  aim(goal: number | undefined): void {
    this.#goal = goal;
  }
  /** `leg` could not be begun now: it is the next again, unless it was sent elsewhere meanwhile. */
  putBack(leg: number): void {
    if (!this.#bent) this.retarget([leg, ...this.#legs]);
  }

  /** Replaces where it has to go. */
  retarget(legs: readonly number[]): void {
    this.#legs = legs;
    this.#bent = true;
    this.#wake?.();
  }
  /** It has to go elsewhere than where the controller was last sent. */
  get bent(): boolean {
    return this.#bent;
  }

  /** From now on it ends as soon as the axis rests. Gives what tells those it started together with. */
  end(how: Halt): () => void {
    const first = this.#halt === undefined;
    this.#halt = how;
    this.#wake?.();
    return () => {
      if (first) for (const tell of this.halted) tell(how);
    };
  }
  get halt(): Halt | undefined {
    return this.#halt;
  }

  /** Waits `milliseconds`, less when it is retargeted or halted meanwhile; 0: until what has arrived is served. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#wake = undefined;
        resolve();
      };
      const cancel = milliseconds > 0 ? after(milliseconds, done) : soon(done);
      this.#wake = done;
    });
  }
}

function after(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, Math.ceil(milliseconds));
  return () => clearTimeout(timer);
}
function soon(work: () => void): () => void {
  const immediate = setImmediate(work);
  return () => clearImmediate(immediate);
}
