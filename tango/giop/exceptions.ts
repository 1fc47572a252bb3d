// SPDX-License-Identifier: MIT
// What an operation may answer other than its result.
import type { Reader, Writer } from "../cdr/index.ts";
import { minorNames } from "./minor-table.ts";
import type { ObjectReference } from "./reference.ts";

export type Completion = "YES" | "NO" | "MAYBE";
const completions: readonly Completion[] = ["YES", "NO", "MAYBE"];

/** A CORBA system exception: `TRANSIENT`, `OBJECT_NOT_EXIST`... with omniORB's minor codes. */
export class SystemException extends Error {
  override readonly name = "SystemException";
  /** Without prefix: "TRANSIENT". */
  readonly exception: string;
  readonly minor: number;
  /** Whether the operation was carried out. */
  readonly completed: Completion;

  constructor(
    exception: string,
    minor: number,
    completed: Completion = "NO",
    options: ErrorOptions & { detail?: string } = {},
  ) {
    const text = `${exception} CORBA system exception: ${minorName(exception, minor)}`;
    super(options.detail ? `${text} (${options.detail})` : text, options);
    this.exception = exception;
    this.minor = minor;
    this.completed = completed;
  }

  /** The minor code by name, e.g. "TRANSIENT_CallTimedout", or in hexadecimal. */
  get minorName(): string {
    return minorName(this.exception, this.minor);
  }

  /** True for `exception`, and for the minor code of that name when one is given. */
  is(exception: string, minor?: string): boolean {
    return this.exception === exception && (minor === undefined || this.minorName === `${exception}_${minor}`);
  }
}

function minorName(exception: string, minor: number): string {
  const found = Object.entries(minorNames).find(([name, code]) => code === minor && name.startsWith(`${exception}_`));
  return found?.[0] ?? `0x${minor.toString(16).padStart(8, "0")}`;
}

/** The exception a minor code's name stands for: `systemException("TRANSIENT_CallTimedout", "MAYBE")`. */
export function systemException(
  name: keyof typeof minorNames,
  completed: Completion = "NO",
  options: ErrorOptions & { detail?: string } = {},
): SystemException {
  return new SystemException(name.slice(0, name.lastIndexOf("_")), minorNames[name], completed, options);
}

export function readSystemException(reader: Reader): SystemException {
  const id = reader.string();
  const minor = reader.ulong();
  const completed = completions[reader.ulong()] ?? "MAYBE";
  return new SystemException(/^IDL:omg\.org\/CORBA\/(\w+):/.exec(id)?.[1] ?? id, minor, completed);
}

export function writeSystemException(writer: Writer, error: SystemException): void {
  writer.string(`IDL:omg.org/CORBA/${error.exception}:1.0`);
  writer.ulong(error.minor);
  writer.ulong(completions.indexOf(error.completed));
}

/**
 * An exception of the interface: its repository id, and its members: as a reader where it was received, as a function that
 * writes them where it is thrown to be sent.
 */
export class UserException extends Error {
  override readonly name = "UserException";
  readonly repositoryId: string;
  readonly members: Reader | ((writer: Writer) => void);

  constructor(repositoryId: string, members: Reader | ((writer: Writer) => void)) {
    super(repositoryId);
    this.repositoryId = repositoryId;
    this.members = members;
  }
}

/** The object is elsewhere: the call should go to this reference. */
export class LocationForward extends Error {
  override readonly name = "LocationForward";
  readonly reference: ObjectReference;

  constructor(reference: ObjectReference) {
    super(`the object has moved to ${reference}`);
    this.reference = reference;
  }
}
