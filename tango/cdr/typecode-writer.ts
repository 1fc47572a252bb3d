// SPDX-License-Identifier: MIT
// Writing a TypeCode in full, names included, as omniORB does.
import type { Member, TypeCode } from "./typecode.ts";
import { parametricKinds, plainKinds } from "./typecode.ts";
import type { Writer } from "./writer.ts";

export function writeTypeCode(writer: Writer, type: TypeCode): void {
  if (type.kind in plainKinds) {
    writer.ulong(plainKinds[type.kind as keyof typeof plainKinds]);
    return;
  }
  writer.ulong(parametricKinds[type.kind as keyof typeof parametricKinds]);
  if (type.kind === "string") writer.ulong(type.bound);
  else writer.encapsulation((inner) => writeParameters(inner, type));
}

function writeParameters(inner: Writer, type: TypeCode): void {
  if ("id" in type) {
    inner.string(type.id);
    inner.string(type.name);
  }
  switch (type.kind) {
    case "sequence":
      writeTypeCode(inner, type.element);
      inner.ulong(type.bound);
      break;
    case "array":
      writeTypeCode(inner, type.element);
      inner.ulong(type.length);
      break;
    case "alias":
      writeTypeCode(inner, type.content);
      break;
    case "enum":
      inner.ulong(type.members.length);
      for (const member of type.members) inner.string(member);
      break;
    case "struct":
    case "except":
      writeMembers(inner, type.members);
      break;
    default:
      throw new TypeError(`a TypeCode of kind ${type.kind} is only read, never sent: no Tango type has one`);
  }
}

function writeMembers(inner: Writer, members: readonly Member[]): void {
  inner.ulong(members.length);
  for (const { name, type } of members) {
    inner.string(name);
    writeTypeCode(inner, type);
  }
}
