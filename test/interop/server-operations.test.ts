// SPDX-License-Identifier: MIT
// Every operation of the first five Tango interfaces, as clients of cppTango 7 to 9 call them: the C++ TangoTest and ours are
// asked the same and must give the same. Times and what depends on the process are left out.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MarshalError } from "../../tango/cdr/index.ts";
import { ClientConnection, ObjectReference, SystemException, UserException } from "../../tango/giop/index.ts";
import {
  type AttributeConfig_3, type AttributeConfig_5, DevFailed as DevFailedCodec, type OperationArgs, type OperationName,
  operations, toAny, toUnion, writeArgs,
} from "../../tango/idl/index.ts"; // biome-ignore format: a list
import { controlSystem } from "../../tango/index.ts";
import { tcp } from "../../tango/transport/index.ts";
import { describeWith } from "../world/peers.ts";
import { type Running, run } from "../world/process.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const ident = { type: "CPP", value: 4711 } as const;
const launcher = join(import.meta.dirname, "../../bin/TangoTest");
const time = { tv_sec: 0, tv_usec: 0, tv_nsec: 0 };
const one = { dim_x: 1, dim_y: 0 };
const none = { dim_x: 0, dim_y: 0 };

interface Served extends AsyncDisposable {
  readonly connection: ClientConnection;
  readonly key: Uint8Array;
}

const left = new Set([
  "time",
  "tv_sec",
  "tv_usec",
  "tv_nsec",
  "dates",
  "server_id",
  "server_host",
  "server_version",
  "dev_type",
  "doc_url",
  "origin",
  "extensions",
]);
/** Without what differs from run to run, with typed arrays as lists. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { err_list } = value as { readonly err_list?: readonly unknown[] };
  // What type a value would have had that could not be read, each release tells otherwise.
  if (err_list?.length)
    return plain({ ...value, err_list: undefined, data_type: 0, data_format: "", failed: err_list });
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (left.has(name) ? [] : [[name, plain(one)]])),
  );
}

type Call = { readonly [N in OperationName]: readonly [name: N, ...args: OperationArgs<N>] }[OperationName];

async function answer({ connection, key }: Served, [name, ...args]: Call): Promise<unknown> {
  const { result, raises } = operations[name];
  try {
    const reply = await connection.invoke(key, name, (writer) => writeArgs(writer, name, args as never), {
      timeout: 5000,
    });
    return plain(result.read(reply));
  } catch (error) {
    if (error instanceof UserException && typeof error.members !== "function") {
      const several = raises.includes("MultiDevFailed" as never) && error.repositoryId.includes("Multi");
      if (several) return { refused: error.repositoryId };
      return { failed: DevFailedCodec.read(error.members).errors.map(({ reason }) => reason) };
    }
    if (error instanceof SystemException) return { exception: error.exception, minor: error.minorName };
    throw error instanceof MarshalError ? new Error(`${name}: ${error.message}`) : error;
  }
}

const names = ["boolean_scalar", "string_scalar", "long_scalar", "double_spectrum", "boolean_scalar"];
const scalar = { name: "double_scalar", quality: "ATTR_VALID", time, dim_x: 1, dim_y: 0 } as const;
const scalar4 = (value: number) =>
  ({
    name: "double_scalar",
    value: toUnion(5, Float64Array.of(value)),
    quality: "ATTR_VALID",
    data_format: "SCALAR",
    time,
    r_dim: none,
    w_dim: one,
    err_list: [],
  }) as const;

const calls: readonly Call[] = [
  ["_get_name"] as never, ["_get_description"], ["_get_state"], ["_get_status"], ["ping"],
  ["info"], ["info_3"],
  ["command_list_query"], ["command_list_query_2"], ["command_query", "devdouble"], ["command_query_2", "DevDouble"], ["command_query", "zz"],
  ["command_inout", "DevDouble", toAny(5, 2.5)], ["command_inout_2", "DevString", toAny(8, "x"), "DEV"], ["command_inout_4", "DevVarLongArray", toAny(11, Int32Array.of(1, 2)), "CACHE_DEV", ident],
  ["command_inout", "zz", toAny(0, undefined)], ["command_inout_2", "DevDouble", toAny(8, "x"), "DEV"],
  ["command_inout_2", "State", toAny(0, undefined), "CACHE"],
  ["get_attribute_config", names], ["get_attribute_config_2", names], ["get_attribute_config_3", names], ["get_attribute_config_5", names],
  ["get_attribute_config", ["zz"]], ["get_attribute_config_3", ["All attributes_3"]], ["get_attribute_config", ["All attributes"]],
  ["write_attributes", [{ ...scalar, value: toAny(13, Float64Array.of(1.25)) }]],
  ["write_attributes_3", [{ ...scalar, value: toAny(13, Float64Array.of(2.25)) }]],
  ["write_attributes_4", [scalar4(3.25)], ident],
  ["write_attributes", [{ ...scalar, name: "zz", value: toAny(13, Float64Array.of(1.25)) }]],
  ["write_attributes", [{ ...scalar, value: toAny(16, ["x"]) }]],
  ["write_attributes_3", [{ ...scalar, name: "zz", value: toAny(13, Float64Array.of(1.25)) }]],
  ["write_attributes_3", [{ ...scalar, name: "double_scalar_w", value: toAny(13, Float64Array.of(4.5)) }, { ...scalar, name: "string_scalar", value: toAny(16, ["text"]) }]],
  ["read_attributes", ["boolean_scalar", "string_scalar"]], ["read_attributes", ["zz"]], ["read_attributes", ["string_scalar", "State"]],
  ["read_attributes_2", ["string_scalar"], "DEV"], ["read_attributes_2", ["string_scalar"], "CACHE"],
  ["read_attributes_3", ["string_scalar", "zz", "State", "Status"], "DEV"], ["read_attributes_3", ["string_scalar"], "CACHE"],
  ["read_attributes_4", ["string_scalar", "zz", "State", "boolean_scalar"], "DEV", ident],
  ["read_attributes_5", ["string_scalar", "zz", "State", "no_value"], "CACHE_DEV", ident],
  ["write_read_attributes_4", [scalar4(5.25)], ident], ["write_read_attributes_5", [scalar4(6.25)], ["string_scalar", "zz"], ident],
  ["read_attribute_history_2", "double_scalar", 2], ["read_attribute_history_5", "double_scalar", 2], ["command_inout_history_2", "DevVoid", 2], ["command_inout_history_4", "zz", 1],
  ["get_pipe_config_5", ["All pipes"]], ["get_pipe_config_5", ["zz"]], ["read_pipe_5", "string_long_short_ro", ident], ["read_pipe_5", "zz", ident],
]; // biome-ignore format: a table

describeWith(["DataBaseds on MariaDB", "TangoTest"], "operations of every Tango interface", () => {
  let stack: TangoStack;
  let server: Running;
  let cpp: Served;
  let ours: Served;
  beforeAll(async () => {
    stack = await tangoStack();
    await using system = controlSystem({ host: stack.host });
    await system.database().addServer("TangoTest/ops", [{ device: "test/ops/1", class: "TangoTest" }]);
    server = await run(launcher, ["ops"], { env: stack.env, ready: /Ready to accept request/ });
    const reach = async (device: string): Promise<Served> => {
      const { ior } = await system.database().importDevice(device);
      const [profile] = ObjectReference.parse(ior).profiles;
      if (!profile) throw new Error(`${device} has no address`);
      const connection = await ClientConnection.open(tcp(), profile, { timeout: 5000 });
      return { connection, key: profile.key, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
    };
    [cpp, ours] = [await reach("sys/tg_test/1"), await reach("test/ops/1")];
  });
  afterAll(async () => {
    for (const peer of [cpp, ours, server, stack]) await peer?.[Symbol.asyncDispose]();
  });

  const same = async (call: Call) => {
    const [theirs, mine] = [await answer(cpp, call), await answer(ours, call)];
    expect(named(mine)).toEqual(named(theirs));
    return theirs;
  };
  /** The device's own name is its own. */
  const named = (value: unknown): unknown =>
    JSON.parse(text(value).replaceAll(/sys\/tg_test\/1|test\/ops\/1/g, "NAME"));
  const text = (value: unknown) =>
    JSON.stringify(value, (_, one) => (typeof one === "bigint" ? `${one}n` : one)) ?? "null";

  test.each(calls.map((call) => [`${call[0]} ${text(call.slice(1)).slice(0, 90)}`, call] as const))(
    "%s",
    async (_, call) => {
      await same(call);
    },
  );

  test("configuration set by the oldest and the newest client", async () => {
    const config = async <N extends "get_attribute_config_3" | "get_attribute_config_5">(name: N) => {
      const [found] = (await answer(ours, [name, ["double_scalar"]] as Call)) as (AttributeConfig_3 &
        AttributeConfig_5)[];
      if (!found) throw new Error("no configuration");
      const filled = { extensions: [], sys_extensions: [] };
      const alarm = { ...found.att_alarm, ...filled };
      const events = Object.fromEntries(
        Object.entries(found.event_prop).map(([kind, one]) => [kind, { ...one, ...filled }]),
      );
      return { ...found, ...filled, label: "Mine", unit: "mm", att_alarm: alarm, event_prop: events } as never;
    };
    const changes: readonly Call[] = [
      ["set_attribute_config_3", [await config("get_attribute_config_3")]],
      ["set_attribute_config_4", [await config("get_attribute_config_3")], ident],
      ["set_attribute_config_5", [await config("get_attribute_config_5")], ident],
    ];
    for (const change of changes) {
      await same(change);
      expect(await same(["get_attribute_config_5", ["double_scalar"]])).toMatchObject([{ label: "Mine", unit: "mm" }]);
    }
  });
});
