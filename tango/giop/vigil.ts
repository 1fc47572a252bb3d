// SPDX-License-Identifier: MIT
// A client that calls again as soon as it has its answer may find the server awake: after an answer the event loop looks for
// more for a moment before it sleeps. To wake a processor that has gone idle can take several times as long as an answer;
// on a busy machine, staying awake takes time from the client instead. Which is better shows in the time until the next
// request, so both ways are tried now and then, and the better one is taken.

/** Milliseconds that the event loop stays awake after the last answer. */
const SPAN = 0.1;
/** Milliseconds a pause counts at the most: what comes later does not come because of an answer. */
const LONGEST = 0.2;
/** Of so many answers the first few go the other way. */
const ROUND = 512;
const TRIALS = 16;
/** The part of an average that each new pause makes. */
const NOVELTY = 1 / 24;
/** What staying awake must gain to be worth a processor's time. */
const GAIN = 0.8;

export interface VigilParts {
  /** Milliseconds. */
  readonly now: () => number;
  /** Runs it after the event loop has looked for input, without letting it sleep before. */
  readonly soon: (turn: () => void) => void;
}

const ofThisProcess: VigilParts = { now: () => performance.now(), soon: setImmediate };

export class Vigil {
  readonly #parts: VigilParts;
  /** Milliseconds between an answer and the next request, on average of late. */
  readonly #pauses = { awake: 0, asleep: 0 };
  #way: "awake" | "asleep" = "asleep";
  #answers = 0;
  #answeredAt = Number.NaN;
  #isKept = false;

  constructor(parts: VigilParts = ofThisProcess) {
    this.#parts = parts;
  }

  /** Something has come. */
  heard(): void {
    const pause = this.#parts.now() - this.#answeredAt;
    this.#answeredAt = Number.NaN;
    if (pause < LONGEST) this.#learn(pause);
  }

  /** What came has been answered: stay awake for a moment, or not. */
  answered(): void {
    this.#answeredAt = this.#parts.now();
    const { awake, asleep } = this.#pauses;
    const isTrial = this.#answers++ % ROUND < TRIALS;
    this.#way = awake < GAIN * asleep !== isTrial ? "awake" : "asleep";
    if (this.#way === "asleep" || this.#isKept) return;
    this.#isKept = true;
    this.#parts.soon(this.#turn);
  }

  readonly #turn = (): void => {
    const pause = this.#parts.now() - this.#answeredAt;
    // A request that came ended the pause; when it has not been answered, its answer begins the next watch.
    this.#isKept = this.#way === "awake" && pause < SPAN;
    if (this.#isKept) this.#parts.soon(this.#turn);
    else if (this.#way === "awake" && pause >= SPAN) this.#learn(LONGEST);
  };

  #learn(pause: number): void {
    this.#pauses[this.#way] += NOVELTY * (pause - this.#pauses[this.#way]);
  }
}
