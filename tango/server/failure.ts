// SPDX-License-Identifier: MIT
// Whatever a handler throws becomes one stack of Tango errors, here.
import { type DevError, DevFailed, MultiDevFailed } from "../errors.ts";
import { SystemException } from "../giop/index.ts";

/** `origin` is put where an error has none. */
export function devErrors(error: unknown, origin: string): readonly DevError[] {
  try {
    return stackOf(error, origin);
  } catch {
    // What was thrown cannot even be looked at.
    return [{ reason: "API_StdException", severity: "ERR", desc: `thrown: something that has no text`, origin }];
  }
}

function stackOf(error: unknown, origin: string): readonly DevError[] {
  if (error instanceof DevFailed) return error.errors.map((one) => sendable(one.origin ? one : { ...one, origin }));
  if (error instanceof MultiDevFailed) return error.errors.flatMap(({ err_list }) => err_list.map(sendable));
  const reason = error instanceof SystemException ? "API_CorbaException" : "API_StdException";
  return [sendable({ reason, severity: "ERR", desc: describe(error), origin })];
}

/** Characters beyond ISO 8859-1, the code set of Tango strings, and NUL, which ends them. */
const unsendable = /[\0\u0100-\u{10ffff}]/gu;
/** Longer texts are cut: they are for people. */
const MOST = 16_384;
const text = (words: string): string => words.slice(0, MOST).replace(unsendable, "?");

/** An error must reach the client, whatever its texts are. */
const sendable = ({ reason, desc, origin, severity }: DevError): DevError => ({
  reason: text(reason),
  desc: text(desc),
  origin: text(origin),
  severity,
});

export const asDevFailed = (error: unknown, origin: string): DevFailed =>
  error instanceof DevFailed && error.errors.every((one) => one.origin)
    ? error
    : new DevFailed(devErrors(error, origin), { cause: error });

/** How many causes behind an error are told; they may go in a circle. */
const CAUSES = 5;

function describe(error: unknown, causes = CAUSES): string {
  if (error === "") return "thrown: an empty text";
  if (!(error instanceof Error)) return typeof error === "string" ? error : `thrown: ${String(error)}`;
  const cause = error.cause instanceof Error && causes > 0 ? ` (${describe(error.cause, causes - 1)})` : "";
  return `${error.name === "Error" ? "" : `${error.name}: `}${error.message}${cause}`;
}
