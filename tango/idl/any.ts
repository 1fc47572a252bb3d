// SPDX-License-Identifier: MIT
import type { Any, Codec } from "../cdr/index.ts";
import { anyOf } from "../cdr/index.ts";
import { encodedArray, typeCodes } from "./typecodes-table.ts";

/** The `any` of Tango's interfaces: its own types are recognised at once, every other is read by its TypeCode. */
export const any: Codec<Any> = anyOf([...typeCodes.values(), encodedArray]);
