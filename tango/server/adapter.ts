// SPDX-License-Identifier: MIT
// From GIOP requests to the operations of devices.
import type { Codec, Writer } from "../cdr/index.ts";
import { boolean, string } from "../cdr/index.ts";
import { MultiDevFailed } from "../errors.ts";
import type { Answer, ObjectAdapter, Request } from "../giop/index.ts";
import { SystemException, systemException, UserException } from "../giop/index.ts";
import {
  type ClntIdent, DEV_FAILED_ID, DevFailed as DevFailedCodec, isA, MULTI_DEV_FAILED_ID, MultiDevFailed as MultiDevFailedCodec,
  type OperationName, operations,
} from "../idl/index.ts"; // biome-ignore format: a list
import { isPromise } from "./awaitable.ts";
import type { ServedDevice } from "./device/device.ts";
import { devErrors } from "./failure.ts";
import { OperationContext } from "./operations/context.ts";
import { IDL_VERSION } from "./operations/information.ts";
import { implementations } from "./operations/table.ts";
import { traced } from "./telemetry/traced.ts";
import type { Awaitable } from "./types.ts";

/** Devices by object key. */
export interface ObjectMap {
  find(key: Uint8Array): ServedDevice | undefined;
}

interface Served {
  readonly args: readonly Codec<unknown>[];
  readonly result: Codec<unknown>;
  /** Position of the caller's identity among the arguments, or -1. */
  readonly ident: number;
  readonly note: ((args: never) => string) | undefined;
  readonly run: (context: OperationContext, args: never) => Awaitable<unknown>;
}

/** The tables of the IDL and of what is done, joined once. */
const served: ReadonlyMap<string, Served> = new Map(
  (Object.keys(operations) as OperationName[]).map((name) => {
    const { args, result } = operations[name];
    const ident = /_[456]$/.test(name) ? identArgument(name) : -1;
    return [name, { args, result, ident, ...implementations[name] } as Served];
  }),
);

function identArgument(name: OperationName): number {
  const withIdent =
    /^(command_inout|read_attributes|write_attributes|set_attribute_config|write_read_attributes|set_pipe_config|read_pipe|write_pipe|write_read_pipe)_[45]$/;
  return withIdent.test(name) ? operations[name].args.length - 1 : -1;
}

const answerWith =
  <T>(codec: Codec<T>, value: T): Answer =>
  (writer: Writer) =>
    codec.write(writer, value);

/** What a device answers may turn out not to fit the wire, such as a text beyond the client's code set: its own failure. */
const deviceAnswer =
  <T>(codec: Codec<T>, value: T, device: ServedDevice): Answer =>
  (writer: Writer) => {
    try {
      codec.write(writer, value);
    } catch (error) {
      raise(error, device);
    }
  };

export function objectAdapter(objects: ObjectMap): ObjectAdapter {
  const deviceOf = ({ key }: Request): ServedDevice => {
    const device = objects.find(key);
    if (!device) throw systemException("OBJECT_NOT_EXIST_NoMatch");
    return device;
  };
  return {
    exists: (key) => objects.find(key) !== undefined,
    dispatch: (request) => {
      const device = deviceOf(request);
      const operation = served.get(request.operation);
      return operation ? perform(device, operation, request) : pseudo(request);
    },
  };
}

/** The operations every CORBA object has. */
function pseudo({ operation, args }: Request): Answer {
  if (operation === "_is_a") return answerWith(boolean, isA(IDL_VERSION, string.read(args)));
  if (operation === "_non_existent") return answerWith(boolean, false);
  if (operation === "_interface") throw systemException("INTF_REPOS_NotAvailable");
  throw systemException("BAD_OPERATION_UnRecognisedOperationName");
}

function perform(device: ServedDevice, operation: Served, request: Request): Answer | Promise<Answer> {
  const args: unknown[] = [];
  for (const codec of operation.args) args.push(codec.read(request.args));
  const ident = operation.ident < 0 ? undefined : (args[operation.ident] as ClntIdent);
  const context = new OperationContext(device, request, ident);
  if (operation.note)
    device.blackBox.add(device.now(), operation.note(args as never), request.peer, context.identity?.client);
  const { result: codec } = operation;
  try {
    const call = { device, operation: request.operation, args, identity: context.identity };
    const result = traced(call, () => operation.run(context, args as never));
    if (isPromise(result))
      return result.then(
        (value) => deviceAnswer(codec, value, device),
        (error) => raise(error, device),
      );
    return deviceAnswer(codec, result, device);
  } catch (error) {
    return raise(error, device);
  }
}

/** What a client gets for an error: Tango's own exceptions, whatever was thrown. */
function raise(error: unknown, device: ServedDevice): never {
  if (error instanceof SystemException || error instanceof UserException) throw error;
  if (error instanceof MultiDevFailed) {
    const { errors } = error;
    throw new UserException(MULTI_DEV_FAILED_ID, (writer) => MultiDevFailedCodec.write(writer, { errors }));
  }
  const errors = devErrors(error, device.className);
  throw new UserException(DEV_FAILED_ID, (writer) => DevFailedCodec.write(writer, { errors }));
}
