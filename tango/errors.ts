// SPDX-License-Identifier: MIT
// Errors as Tango carries them: a stack of (reason, description, origin, severity), the root cause first.

export type Severity = "WARN" | "ERR" | "PANIC";

/** One level of the stack. `reason` is the interface; description and origin are for people. */
export interface DevError {
  readonly reason: string;
  readonly severity: Severity;
  readonly desc: string;
  readonly origin: string;
}

/** The one error of the Tango boundary: what a client receives, and what a handler throws to choose the reason. */
export class DevFailed extends Error {
  override readonly name = "DevFailed";
  /** Root cause first, as on the wire. */
  readonly errors: readonly DevError[];

  constructor(errors: readonly DevError[], options?: ErrorOptions) {
    super(errors.map((error) => `${error.reason}: ${error.desc}`).join("\n") || "DevFailed without any error", options);
    this.errors = errors;
  }

  /** True when some level of the stack has this reason. */
  is(reason: string): boolean {
    return this.errors.some((error) => error.reason === reason);
  }

  /** The reason of the root cause. */
  get reason(): string {
    return this.errors[0]?.reason ?? "";
  }

  /** The same stack with one more level on top: what the caller was doing when it failed. */
  within(reason: string, desc: string, origin: string): DevFailed {
    return new DevFailed([...this.errors, { reason, desc, origin, severity: "ERR" }], { cause: this });
  }
}

/** A DevFailed of one level. `origin` is filled in by the framework when a handler throws it without one. */
export function devFailed(reason: string, desc: string, origin = "", severity: Severity = "ERR"): DevFailed {
  return new DevFailed([{ reason, desc, origin, severity }]);
}

/** One member that failed in a call over several: its name and place in the call. */
export interface NamedDevError {
  readonly name: string;
  readonly index_in_call: number;
  readonly err_list: readonly DevError[];
}

/** Writing several attributes failed for some of them. */
export class MultiDevFailed extends Error {
  override readonly name = "MultiDevFailed";
  readonly errors: readonly NamedDevError[];

  constructor(errors: readonly NamedDevError[]) {
    super(errors.map(({ name, err_list }) => `${name}: ${err_list.map((e) => e.desc).join("; ")}`).join("\n"));
    this.errors = errors;
  }
}
