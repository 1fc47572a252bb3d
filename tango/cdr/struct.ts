// SPDX-License-Identifier: MIT
// Structs. Reading and writing one is compiled once, from its field table, into straight-line code: the engine then
// knows the object's layout and inlines the fields' codecs (docs/decisions/0006-cdr-codegen.md has the figures).
// Where code generation is forbidden (--disallow-code-generation-from-strings), a loop over the table does the same.
import type { Codec, Infer } from "./codec.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

type Fields = { readonly [name: string]: Codec<unknown> };
export type StructOf<F> = { readonly [Name in keyof F]: Infer<F[Name]> };
type Compiled = Pick<Codec<Record<string, unknown>>, "read" | "write">;

function interpreted(fields: Fields): Compiled {
  const entries = Object.entries(fields);
  return {
    read: (reader: Reader) => {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(reader);
      return value;
    },
    write: (writer: Writer, value) => {
      for (const [name, codec] of entries) codec.write(writer, value[name]);
    },
  };
}

function compiled(fields: Fields): Compiled {
  const names = Object.keys(fields);
  const source = `return {
    read: (r) => ({ ${names.map((name, index) => `${name}: c${index}.read(r)`).join(", ")} }),
    write: (w, v) => { ${names.map((name, index) => `c${index}.write(w, v.${name});`).join(" ")} },
  }`;
  return new Function(...names.map((_, index) => `c${index}`), source)(...Object.values(fields)) as Compiled;
}

/** The fields of a struct in the order of the wire. `compile: false` keeps to the loop. */
export function struct<const F extends Fields>(fields: F, { compile = true } = {}): Codec<StructOf<F>> {
  for (const name of Object.keys(fields)) {
    if (!/^[A-Za-z]\w*$/.test(name)) throw new TypeError(`"${name}" is not an IDL field name`);
  }
  const minimum = Object.values(fields).reduce((sum, codec) => sum + codec.minimum, 0);
  return { minimum, ...(compile ? tryCompiled(fields) : interpreted(fields)) } as unknown as Codec<StructOf<F>>;
}

function tryCompiled(fields: Fields): Compiled {
  try {
    return compiled(fields);
  } catch (error) {
    if (error instanceof EvalError) return interpreted(fields);
    throw error;
  }
}
