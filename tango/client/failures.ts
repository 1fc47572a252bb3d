// SPDX-License-Identifier: MIT
// What went wrong, in the words and with the reasons of Tango's C++ client, so that runbooks written for it still apply.
import { MarshalError } from "../cdr/index.ts";
import { DevFailed, devFailed, MultiDevFailed } from "../errors.ts";
import { LocationForward, SystemException, systemException, UserException } from "../giop/index.ts";
import { DEV_FAILED_ID, exceptions, MULTI_DEV_FAILED_ID } from "../idl/index.ts";
import type { Permission } from "./access-control.ts";

/** What was being done to a device: how its failure is worded. */
export interface Deed {
  /** Reason of the level that is added to a failure the device reports; without it none is added. */
  readonly reason?: "API_CommandFailed" | "API_AttributeFailed" | "API_PipeFailed";
  /** "execute command_inout", "read_attribute", "ping"... */
  readonly verb: string;
  /** ", command State", ", attribute x"; empty when it concerns the device as a whole. */
  readonly subject: string;
  /** How a timeout names it: C++ clients leave attributes out. */
  readonly timedOut?: string;
  readonly origin: string;
  /** True when doing it twice is as good as once: then it is repeated when a connection breaks in the middle. */
  readonly repeatable: boolean;
  /** What the user must be permitted for it; absent for what everybody may. */
  readonly permission?: Permission;
  /** It concerns several attributes: a failure attribute by attribute (MultiDevFailed) stays one. */
  readonly several?: true;
}

export const deeds = {
  command: (name: string): Deed => ({
    reason: "API_CommandFailed",
    verb: "execute command_inout",
    subject: `, command ${name}`,
    timedOut: `, command ${name}`,
    origin: "Connection::command_inout()",
    repeatable: name.toLowerCase() === "state" || name.toLowerCase() === "status",
    permission: { command: name },
  }),
  read: (name: string): Deed => attributeDeed("read_attribute", name, true),
  reads: (names: readonly string[]): Deed => ({
    ...attributeDeed("read_attributes", names.join(", "), true),
    subject: `, attributes ${names.join(", ")}`,
  }),
  write: (name: string): Deed => attributeDeed("write_attribute", name, false),
  writes: (names: readonly string[]): Deed => severalDeed("write_attributes", names),
  writeRead: (name: string): Deed => attributeDeed("write_read_attribute", name, false),
  writeReads: (names: readonly string[]): Deed => severalDeed("write_read_attributes", names),
  pipe: (verb: "read_pipe" | "write_pipe" | "write_read_pipe", name: string): Deed => ({
    reason: "API_PipeFailed",
    verb,
    subject: `, pipe ${name}`,
    origin: `DeviceProxy::${verb}()`,
    repeatable: verb === "read_pipe",
    ...(verb === "read_pipe" ? {} : { permission: "write" as const }),
  }),
  /** Something of the device as a whole: ping, state, info, configuration... */
  plain: (verb: string): Deed => ({
    verb: `execute ${verb}`,
    subject: "",
    origin: `DeviceProxy::${verb}()`,
    repeatable: true,
  }),
  configure: (verb: "set_attribute_config" | "set_pipe_config"): Deed => ({
    ...deeds.plain(verb),
    repeatable: false,
    permission: "write",
  }),
};

const attributeDeed = (verb: string, name: string, repeatable: boolean): Deed => ({
  reason: "API_AttributeFailed",
  verb,
  subject: `, attribute ${name}`,
  origin: `DeviceProxy::${verb}()`,
  repeatable,
  ...(repeatable ? {} : { permission: "write" as const }),
});

const severalDeed = (verb: string, names: readonly string[]): Deed => ({
  ...attributeDeed(verb, names.join(", "), false),
  subject: `, attributes ${names.join(", ")}`,
  several: true,
});

const summary = (device: string, { verb, subject }: Deed): string => `Failed to ${verb} on device ${device}${subject}`;

/** What a failed `deed` on `device` throws. What is no failure of Tango (an abort, a bug) stays what it is. */
export function failure(error: unknown, device: string, deed: Deed, timeout: number | undefined): unknown {
  if (error instanceof UserException) return failure(thrown(error), device, deed, timeout);
  if (error instanceof DevFailed) {
    // A command's server that cannot be reached is reported without the command, as C++ clients do.
    if (!deed.reason || (deed.timedOut && error.reason === "API_CorbaException")) return error;
    return error.within(deed.reason, summary(device, deed), deed.origin);
  }
  // One attribute's failure is its own, however the device words it.
  if (error instanceof MultiDevFailed && deed.reason && !deed.several) {
    return failure(new DevFailed(error.errors[0]?.err_list ?? []), device, deed, timeout);
  }
  if (error instanceof MarshalError) return unreadable(error, device, deed);
  if (error instanceof LocationForward) {
    return devFailed("API_CorbaException", error.message, deed.origin).within(
      "API_CommunicationFailed",
      summary(device, deed),
      deed.origin,
    );
  }
  if (!(error instanceof SystemException)) return error;
  if (error.is("TRANSIENT", "CallTimedout")) {
    const text = `Timeout (${timeout ?? 0} mS) exceeded on device ${device}${deed.timedOut ?? ""}`;
    return corba(error, deed.origin).within("API_DeviceTimedOut", text, deed.origin);
  }
  return corba(error, deed.origin).within("API_CommunicationFailed", summary(device, deed), deed.origin);
}

/** A reply that cannot be read, or an argument that cannot be sent. */
function unreadable(error: MarshalError, device: string, deed: Deed): DevFailed {
  const exception = systemException("MARSHAL_PassEndOfMessage", "MAYBE", { cause: error, detail: error.message });
  return corba(exception, deed.origin).within("API_CommunicationFailed", summary(device, deed), deed.origin);
}

/** The first level of a stack that began with CORBA. */
export function corba(error: SystemException, origin: string): DevFailed {
  const level = { reason: "API_CorbaException", desc: error.message, origin, severity: "ERR" as const };
  return new DevFailed([level], { cause: error });
}

/** The exception of Tango's interface a device answered with. */
export function thrown({ repositoryId, members }: UserException): Error {
  if (typeof members === "function") return new TypeError(`${repositoryId} was never sent`);
  if (repositoryId === DEV_FAILED_ID) return new DevFailed(exceptions[DEV_FAILED_ID].read(members).errors);
  if (repositoryId === MULTI_DEV_FAILED_ID) {
    return new MultiDevFailed(exceptions[MULTI_DEV_FAILED_ID].read(members).errors);
  }
  const desc = `The device answered with the unknown exception ${repositoryId}`;
  return new DevFailed([{ reason: "API_CorbaException", desc, origin: "Connection", severity: "ERR" }]);
}

/** True when the object or the way to it is gone: what reconnecting may cure. */
export function isDisconnection(error: unknown): error is SystemException {
  if (!(error instanceof SystemException)) return false;
  if (error.exception === "TRANSIENT") return !error.is("TRANSIENT", "CallTimedout");
  if (error.exception === "OBJECT_NOT_EXIST") return error.minor === 0 || error.is("OBJECT_NOT_EXIST", "NoMatch");
  return error.exception === "COMM_FAILURE";
}
