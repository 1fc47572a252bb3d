// SPDX-License-Identifier: MIT
// The names a person can use in the shell: verbs, objects of the session, what its setup scripts export.
import type { Context } from "node:vm";
import type { Beamline } from "../../scanning/index.ts";

/** Adds the names to a context; objects the session gets later are added by calling it again. */
export function fillScope(context: Context, beamline: Beamline, more: Readonly<Record<string, unknown>>): void {
  const { objects, session, ...verbs } = beamline;
  const names: Record<string, unknown> = { ...verbs, ...more, session, SCANS: session.scans, ...objects };
  for (const [name, value] of Object.entries(names)) {
    const known = Object.getOwnPropertyDescriptor(context, name);
    if (known && (known.value === value || !known.configurable)) continue;
    Object.defineProperty(context, name, { value, enumerable: true, configurable: true, writable: true });
  }
}
