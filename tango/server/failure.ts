// SPDX-License-Identifier: MIT
// Whatever a handler throws becomes one stack of Tango errors, here.
import { type DevError, DevFailed, MultiDevFailed } from "../errors.ts";
import { SystemException } from "../giop/index.ts";

/** `origin` is put where an error has none. */
export function devErrors(error: unknown, origin: string): readonly DevError[] {
  if (error instanceof DevFailed) return error.errors.map((one) => (one.origin ? one : { ...one, origin }));
  if (error instanceof MultiDevFailed) return error.errors.flatMap(({ err_list }) => err_list);
  const reason = error instanceof SystemException ? "API_CorbaException" : "API_StdException";
  return [{ reason, severity: "ERR", desc: describe(error), origin }];
}

export const asDevFailed = (error: unknown, origin: string): DevFailed =>
  error instanceof DevFailed && error.errors.every((one) => one.origin)
    ? error
    : new DevFailed(devErrors(error, origin), { cause: error });

function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : `thrown: ${String(error)}`;
  const cause = error.cause instanceof Error ? ` (${describe(error.cause)})` : "";
  return `${error.name === "Error" ? "" : `${error.name}: `}${error.message}${cause}`;
}
