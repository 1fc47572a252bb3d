// SPDX-License-Identifier: MIT
// What a Tango database holds for people to move, compare and keep in files: not where things run just now.

/** Values by property name. */
export type PropertyValues = Readonly<Record<string, readonly string[]>>;
/** Properties by attribute (or pipe) name. */
export type MemberProperties = Readonly<Record<string, PropertyValues>>;

export interface DeviceContents {
  readonly class: string;
  readonly alias?: string;
  readonly properties: PropertyValues;
  readonly attributes: MemberProperties;
  readonly pipes: MemberProperties;
}

export interface ServerContents {
  /** Where and at which level a Starter runs it; absent when no Starter is told. */
  readonly starter?: { readonly host: string; readonly controlled: boolean; readonly level: number };
  readonly devices: Readonly<Record<string, DeviceContents>>;
}

export interface ClassContents {
  readonly properties: PropertyValues;
  readonly attributes: MemberProperties;
  readonly pipes: MemberProperties;
}

export interface Contents {
  /** By `Server/instance`. */
  readonly servers: Readonly<Record<string, ServerContents>>;
  readonly classes: Readonly<Record<string, ClassContents>>;
  /** Properties of free objects, e.g. CtrlSystem. */
  readonly objects: Readonly<Record<string, PropertyValues>>;
}

export const noContents: Contents = { servers: {}, classes: {}, objects: {} };

/** Something a file says that cannot be understood: where, and what was expected. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}

/** The entry of a record whose key is `name` without regard to case. */
export function named<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  const exact = record[name];
  if (exact !== undefined) return exact;
  const key = Object.keys(record).find((key) => key.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : record[key];
}
