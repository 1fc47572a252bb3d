// SPDX-License-Identifier: MIT
// A server of an older Tango: a real C++ device behind a relay that knows only the operations of an older interface. What
// is answered are the C++ server's own bytes for the old operations; what is newer does not exist.
import type { Any } from "../../tango/cdr/index.ts";
import type { Answer, ObjectAdapter, Request } from "../../tango/giop/index.ts";
import {
  ClientConnection,
  GiopServer,
  ObjectReference,
  systemException,
  UserException,
} from "../../tango/giop/index.ts";
import type { IdlVersion, OperationArgs, OperationName } from "../../tango/idl/index.ts";
import {
  DEV_FAILED_ID, DevFailed, exceptions, fromAny, interfaceId, isA, operationNamed, operations, readArgs, toAny, writeArgs,
} from "../../tango/idl/index.ts"; // biome-ignore format: a list
import { DevVarLongStringArray, type LongStrings } from "../../tango/idl/tango-types.ts";
import { controlSystem } from "../../tango/index.ts";
import { type TcpAddress, tcp } from "../../tango/transport/index.ts";
import type { TangoStack } from "./tango-stack.ts";

export interface OldDevice extends AsyncDisposable {
  /** `host:port`, for names with `#dbase=no`. */
  readonly address: string;
  /** Operations it was asked for, in order. */
  readonly asked: readonly string[];
}

interface Behind extends AsyncDisposable {
  readonly connection: ClientConnection;
  readonly key: Uint8Array;
}

/** Puts `device` and its admin device `admin` behind interface `version` in the database, until disposed of. */
export async function oldDevice(
  { host }: TangoStack,
  device: string,
  admin: string,
  version: IdlVersion,
): Promise<OldDevice> {
  await using resources = new AsyncDisposableStack();
  const database = resources.use(controlSystem({ host })).database();
  const found = await Promise.all([device, admin].map((name) => database.importDevice(name)));
  const references = Object.fromEntries(found.map((each) => [each.device, ObjectReference.parse(each.ior)]));
  const old = resources.use(await olderThan(version, references));
  const [address, port] = old.address.split(":") as [string, string];
  for (const each of found) {
    const key = Buffer.from(each.device.toLowerCase());
    const profile = { minor: 2, host: address, port: Number(port), key, components: [] } as const;
    const ior = new ObjectReference(interfaceId(version), [profile]).toString();
    await database.exportDevice({ ...each, ior });
    resources.defer(async () => void (await database.exportDevice(each)));
  }
  const owned = resources.move();
  return { ...old, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A server of interface `version` in front of these devices. */
export async function olderThan(
  version: IdlVersion,
  references: Readonly<Record<string, ObjectReference>>,
): Promise<OldDevice> {
  await using resources = new AsyncDisposableStack();
  const behind = new Map<string, Behind>();
  const asked: string[] = [];
  for (const [name, reference] of Object.entries(references))
    behind.set(name.toLowerCase(), resources.use(await reach(reference)));
  const adapter = relay(behind, version, asked);
  const server = resources.use(await GiopServer.listen(tcp(), { host: "127.0.0.1", port: 0 }, adapter));
  const { port } = server.endpoint as TcpAddress;
  const owned = resources.move();
  return { address: `127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function reach({ profiles: [profile] }: ObjectReference): Promise<Behind> {
  if (!profile) throw new Error("a reference without any profile");
  const connection = await ClientConnection.open(
    tcp(),
    { host: profile.host, port: profile.port },
    { minor: profile.minor },
  );
  return { connection, key: profile.key, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
}

function relay(behind: ReadonlyMap<string, Behind>, version: IdlVersion, asked: string[]): ObjectAdapter {
  const find = (key: Uint8Array) => behind.get(Buffer.from(key).toString("latin1"));
  return {
    exists: (key) => find(key) !== undefined,
    dispatch: (request) => {
      asked.push(request.operation);
      const there = find(request.key);
      if (!there) throw systemException("OBJECT_NOT_EXIST_NoMatch");
      if (request.operation === "_is_a") {
        const yes = isA(version, request.args.string());
        return (writer) => writer.boolean(yes);
      }
      const operation = operationNamed(request.operation);
      if (request.operation !== "_non_existent" && (!operation || operation.since > version))
        throw systemException("BAD_OPERATION_UnRecognisedOperationName");
      return operation ? forward(there, request, version) : (writer) => writer.boolean(false);
    },
  };
}

async function forward({ connection, key }: Behind, request: Request, version: IdlVersion): Promise<Answer> {
  const name = request.operation as OperationName;
  const { args: codecs, result } = operations[name];
  const args = asked(readArgs(request.args, name) as readonly unknown[], version) as OperationArgs<typeof name>;
  try {
    const reply = await connection.invoke(key, name, (writer) => writeArgs(writer, name, args), { timeout: 10_000 });
    const value = codecs.length > 0 ? told(args as readonly unknown[], result.read(reply)) : result.read(reply);
    return (writer) => (result.write as (w: typeof writer, v: unknown) => void)(writer, value);
  } catch (error) {
    throw error instanceof UserException ? resent(error) : error;
  }
}

const isSubscription = ([command]: readonly unknown[]) => command === "ZmqEventSubscriptionChange";

/** A subscription is answered by the structure of the server's own time; before IDL 4 there are no events over ZMQ. */
function asked(args: readonly unknown[], version: IdlVersion): readonly unknown[] {
  if (!isSubscription(args) || version >= 5) return args;
  if (version < 4) throw commandNotFound("ZmqEventSubscriptionChange");
  const [command, argin, ...rest] = args as [string, Any, ...unknown[]];
  return [command, toAny(16, [...(argin.value as string[]).slice(0, 4), String(version)]), ...rest];
}

/** Servers of that time did not tell the topics. */
function told(args: readonly unknown[], value: unknown): unknown {
  if (!isSubscription(args)) return value;
  const { lvalue, svalue } = fromAny(value as Any).value as LongStrings;
  return toAny(DevVarLongStringArray.code, { lvalue, svalue: svalue.slice(0, -2) });
}

function commandNotFound(command: string): UserException {
  const error = {
    reason: "API_CommandNotFound",
    severity: "ERR",
    desc: `Command ${command} not found`,
    origin: "relay",
  };
  return new UserException(DEV_FAILED_ID, (writer) => DevFailed.write(writer, { errors: [error as never] }));
}

/** An exception that came, as one that goes. */
function resent({ repositoryId, members }: UserException): UserException {
  if (typeof members === "function") return new UserException(repositoryId, members);
  const codec = exceptions[repositoryId as keyof typeof exceptions];
  const value = codec.read(members);
  return new UserException(repositoryId, (writer) => codec.write(writer, value as never));
}
