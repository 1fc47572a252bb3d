// SPDX-License-Identifier: MIT
// What can go wrong with a simulated axis, on request.

export type Fault =
  /** The carriage is blocked where it is: the motor's steps no longer move it. */
  | { readonly kind: "stall" }
  /** The carriage misses this many steps, once. */
  | { readonly kind: "lose"; readonly steps: number }
  /** The controller does not answer for this long; motions go on. */
  | { readonly kind: "silence"; readonly seconds: number }
  /** The drive stops and refuses to move. */
  | { readonly kind: "trip"; readonly why: string };

const grammar = 'known faults: "stall", "lose <steps>", "silence [<seconds>]", "trip [<why>]"';

/** @throws RangeError saying what may be asked for. */
export function parseFault(text: string): Fault {
  const [kind = "", ...rest] = text.trim().split(/\s+/);
  const argument = rest.join(" ");
  const number = (initial: number) => {
    const value = argument === "" ? initial : Number(argument);
    if (Number.isNaN(value)) throw new RangeError(`fault "${text}": ${grammar}`);
    return value;
  };
  if (kind === "stall") return { kind };
  if (kind === "lose" && argument !== "") return { kind, steps: number(0) };
  if (kind === "silence") return { kind, seconds: number(Number.POSITIVE_INFINITY) };
  if (kind === "trip") return { kind, why: argument || "over-temperature" };
  throw new RangeError(`fault "${text}": ${grammar}`);
}

export class FaultBox {
  readonly #about: string;
  readonly #now: () => number;
  #lost = 0;
  #blockedAt: number | undefined;
  #silentUntil = Number.NEGATIVE_INFINITY;
  trip: string | undefined;

  constructor(about: string, now: () => number) {
    this.#about = about;
    this.#now = now;
  }

  /** `motor`: where the motor is now. */
  inject(fault: Fault, motor: number): void {
    if (fault.kind === "stall") this.#blockedAt = this.carriage(motor);
    else if (fault.kind === "lose") this.#lost += fault.steps;
    else if (fault.kind === "silence") this.#silentUntil = this.#now() + fault.seconds * 1000;
    else this.trip = fault.why;
  }

  /** Frees the carriage where it is, resets the drive, answers again. Lost steps stay lost. */
  repair(motor: number): void {
    if (this.#blockedAt !== undefined) this.#lost = motor - this.#blockedAt;
    this.#blockedAt = undefined;
    this.#silentUntil = Number.NEGATIVE_INFINITY;
    this.trip = undefined;
  }

  get stalled(): boolean {
    return this.#blockedAt !== undefined;
  }
  /** Where the carriage is when the motor is at `motor`. */
  carriage(motor: number): number {
    return this.#blockedAt ?? motor - this.#lost;
  }
  /** @throws while the controller is silent. */
  checkContact(): void {
    if (this.#now() < this.#silentUntil) throw new Error(`${this.#about} does not answer`);
  }
}
