// SPDX-License-Identifier: MIT
// Names of Tango types by number, and back.

import type { TangoType } from "../idl/tango-types.ts";
import * as types from "../idl/tango-types.ts";

const byCode = new Map<number, TangoType<unknown>>();
const byName = new Map<string, TangoType<unknown>>();
for (const type of Object.values(types)) {
  if (typeof type !== "object" || !("code" in type)) continue;
  byCode.set(type.code, type);
  byName.set(type.name, type);
}

/** "DevDouble" for 5. */
export const typeName = (code: number): string => byCode.get(code)?.name ?? `type ${code}`;
/** The type of that name; undefined when there is none. */
export const typeNamed = (name: string): TangoType<unknown> | undefined => byName.get(name);
