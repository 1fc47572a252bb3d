// SPDX-License-Identifier: MIT
// Reading a TypeCode liberally: either byte order in every encapsulation, names left out, indirections.
import { MarshalError } from "./marshal-error.ts";
import type { Reader } from "./reader.ts";
import type { Member, ParametricKind, PlainKind, TypeCode, UnionMember } from "./typecode.ts";
import { parametricKinds, plainKinds, resolved } from "./typecode.ts";

const plain = new Map<number, TypeCode>(
  Object.entries(plainKinds).map(([kind, number]) => [number, { kind: kind as PlainKind }]),
);
const parametric = new Map<number, ParametricKind>(
  Object.entries(parametricKinds).map(([kind, number]) => [number, kind as ParametricKind]),
);
const INDIRECTION = 0xffffffff;
/** A TypeCode of this many nodes describes no type of a control system. */
const MAX_NODES = 512;

/** What has been read of one outermost TypeCode, by position: what indirections point at. */
interface Seen {
  readonly types: Map<number, TypeCode>;
  nodes: number;
}

export function readTypeCode(reader: Reader): TypeCode {
  return read(reader, { types: new Map(), nodes: 0 });
}

function read(reader: Reader, seen: Seen): TypeCode {
  return reader.nested(() => {
    const kind = reader.ulong();
    const at = reader.offset - 4;
    if (++seen.nodes > MAX_NODES) throw new MarshalError(`a TypeCode of more than ${MAX_NODES} parts`, at);
    if (kind === INDIRECTION) return indirect(reader, seen);
    const type = plain.get(kind) ?? readParametric(reader, kind, seen);
    seen.types.set(at, type);
    return type;
  });
}

/** A TypeCode given before, by its distance from this place. One that is not complete yet (a recursive type) is refused. */
function indirect(reader: Reader, seen: Seen): TypeCode {
  const from = reader.claim(4, 4);
  reader.offset = from;
  const target = from + reader.long();
  const type = seen.types.get(target);
  if (!type) throw new MarshalError(`a TypeCode points at byte ${target}, where none ends`, from);
  return type;
}

function readParametric(reader: Reader, kind: number, seen: Seen): TypeCode {
  const name = parametric.get(kind);
  if (name === undefined) throw new MarshalError(`TypeCode kind ${kind} is unknown`, reader.offset - 4);
  if (name === "string") return { kind: "string", bound: reader.ulong() };
  return readers[name](reader.encapsulation(), seen);
}

const named = (inner: Reader) => ({ id: inner.string(), name: inner.string() });

function readMembers(inner: Reader, seen: Seen): Member[] {
  const members: Member[] = [];
  for (let left = inner.count(8); left > 0; left--) members.push({ name: inner.string(), type: read(inner, seen) });
  return members;
}

const readers: { readonly [K in Exclude<ParametricKind, "string">]: (inner: Reader, seen: Seen) => TypeCode } = {
  sequence: (inner, seen) => ({ kind: "sequence", element: read(inner, seen), bound: inner.ulong() }),
  array: (inner, seen) => ({ kind: "array", element: read(inner, seen), length: inner.ulong() }),
  alias: (inner, seen) => ({ kind: "alias", ...named(inner), content: read(inner, seen) }),
  struct: (inner, seen) => ({ kind: "struct", ...named(inner), members: readMembers(inner, seen) }),
  except: (inner, seen) => ({ kind: "except", ...named(inner), members: readMembers(inner, seen) }),
  enum: (inner) => {
    const { id, name } = named(inner);
    const members: string[] = [];
    for (let left = inner.count(4); left > 0; left--) members.push(inner.string());
    return { kind: "enum", id, name, members };
  },
  union: (inner, seen) => {
    const { id, name } = named(inner);
    const discriminator = read(inner, seen);
    const fallback = inner.long();
    const members: UnionMember[] = [];
    for (let left = inner.count(8); left > 0; left--) {
      members.push({ label: readLabel(inner, discriminator), name: inner.string(), type: read(inner, seen) });
    }
    return { kind: "union", id, name, discriminator, fallback, members };
  },
};

/** A case label, of the discriminator's type; the default member's is one octet of the same place. */
export function readLabel(reader: Reader, discriminator: TypeCode): number | bigint | boolean {
  const type = resolved(discriminator);
  switch (type.kind) {
    case "enum":
    case "ulong":
      return reader.ulong();
    case "long":
      return reader.long();
    case "short":
      return reader.short();
    case "ushort":
      return reader.ushort();
    case "boolean":
      return reader.boolean();
    case "longlong":
      return reader.longlong();
    case "ulonglong":
      return reader.ulonglong();
    default:
      throw new MarshalError(`a union cannot be switched by ${type.kind}`, reader.offset);
  }
}
