// SPDX-License-Identifier: MIT
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** How one IDL type is read and written. */
export interface Codec<T> {
  /** The fewest bytes a value takes: what bounds the length of a sequence before anything is allocated. */
  readonly minimum: number;
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
}

/** The TypeScript type of a codec's values. */
export type Infer<C> = C extends Codec<infer T> ? T : never;
