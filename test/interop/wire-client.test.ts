// SPDX-License-Identifier: MIT
// Our GIOP client against omniORB: the real database (GIOP 1.0 by corbaloc) and the C++ TangoTest (GIOP 1.2 by IOR).

import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Any } from "../../tango/cdr/index.ts";
import type { InvokeOptions } from "../../tango/giop/index.ts";
import {
  addressesOf,
  ClientConnection,
  ObjectReference,
  SystemException,
  UserException,
} from "../../tango/giop/index.ts";
import type { OperationArgs, OperationName, OperationResult } from "../../tango/idl/index.ts";
import { DevFailed, fromAny, operations, toAny, writeArgs } from "../../tango/idl/index.ts";
import type { Address } from "../../tango/transport/index.ts";
import { tcp, unix } from "../../tango/transport/index.ts";
import { describeWith } from "../world/peers.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const ident = { type: "CPP", value: process.pid } as const;

async function call<Name extends OperationName>(
  connection: ClientConnection,
  key: Uint8Array,
  name: Name,
  ...args: OperationArgs<Name>
): Promise<OperationResult<Name>> {
  const operation = operations[name];
  const reader = await connection.invoke(key, name, (writer) => writeArgs(writer, name, args), { timeout: 5000 });
  const result = operation.result.read(reader) as OperationResult<Name>;
  expect(reader.remaining).toBe(0);
  return result;
}

const command = async (connection: ClientConnection, key: Uint8Array, name: string, argument: Any) =>
  fromAny(await call(connection, key, "command_inout_4", name, argument, "DEV", ident)).value;

describeWith(["DataBaseds on MariaDB", "TangoTest"], "a GIOP client of omniORB", () => {
  let stack: TangoStack;
  let reference: ObjectReference;
  beforeAll(async () => {
    stack = await tangoStack();
    const database = ObjectReference.parse(`corbaloc:iiop:${stack.host}/database`);
    const profile = database.profiles[0]!;
    await using connection = await ClientConnection.open(tcp(), profile, { minor: profile.minor });
    expect(profile.minor).toBe(0);
    const imported = await command(connection, profile.key, "DbImportDevice", toAny(8, "sys/tg_test/1"));
    reference = ObjectReference.parse((imported as { svalue: string[] }).svalue[1]!);
  });
  afterAll(async () => stack?.[Symbol.asyncDispose]());

  const open = async (address?: Address, options = {}) => {
    const profile = reference.profiles[0]!;
    const transport = address && "path" in address ? unix() : tcp();
    const connection = await ClientConnection.open(transport, address ?? profile, options);
    return { connection, key: profile.key, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
  };

  test("reads the IOR that omniORB printed, and prints one like it", () => {
    expect(reference.typeId).toBe("IDL:Tango/Device_5:1.0");
    const again = ObjectReference.parse(reference.toString());
    expect(again).toEqual(reference);
  });

  const echoes: readonly (readonly [string, number, unknown])[] = [
    ["DevBoolean", 1, true],
    ["DevShort", 2, -32768],
    ["DevLong", 3, -2147483648],
    ["DevLong64", 23, -(2n ** 63n)],
    ["DevULong64", 24, 2n ** 64n - 1n],
    ["DevUShort", 6, 65535],
    ["DevULong", 7, 4294967295],
    ["DevFloat", 4, 1.5],
    ["DevDouble", 5, Number.MIN_VALUE],
    ["DevString", 8, "caf\u00e9 \u00ff"],
    ["DevVarCharArray", 9, Uint8Array.of(0, 255)],
    ["DevVarShortArray", 10, Int16Array.of(1, -2)],
    ["DevVarLongArray", 11, Int32Array.of()],
    ["DevVarLong64Array", 25, BigInt64Array.of(1n, -(2n ** 63n))],
    ["DevVarULong64Array", 26, BigUint64Array.of(2n ** 64n - 1n)],
    ["DevVarFloatArray", 12, Float32Array.of(0.5, -0)],
    ["DevVarDoubleArray", 13, Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY)],
    ["DevVarStringArray", 16, ["", "a", "bc"]],
    ["DevVarLongStringArray", 17, { lvalue: Int32Array.of(1, 2), svalue: ["x"] }],
    ["DevVarDoubleStringArray", 18, { dvalue: Float64Array.of(1, 2), svalue: [] }],
  ];
  describe.each([
    ["little-endian GIOP 1.2", {}],
    ["big-endian GIOP 1.2", { littleEndian: false }],
    ["GIOP 1.1", { minor: 1 as const }],
    ["GIOP 1.0", { minor: 0 as const }],
    ["UTF-8", { utf8: true }],
    ["fragments of 64 bytes", { fragmentSize: 64 }],
  ])("with %s", (_, options) => {
    test("gets every type back from an echoing device", async () => {
      await using device = await open(undefined, options);
      for (const [name, code, value] of echoes) {
        expect(await command(device.connection, device.key, name, toAny(code, value)), name).toEqual(value);
      }
    });
  });

  test("reads and writes attributes", async () => {
    await using device = await open();
    const { connection, key } = device;
    const [scalar, image] = await call(
      connection,
      key,
      "read_attributes_5",
      ["double_scalar", "ushort_image_ro"],
      "DEV",
      ident,
    );
    expect(scalar?.value.type).toBe("ATT_DOUBLE");
    expect(image?.value.type).toBe("ATT_USHORT");
    expect(image?.value.value).toHaveLength(image!.r_dim.dim_x * image!.r_dim.dim_y);
    await expect(call(connection, key, "read_attributes_5", ["State"], "DEV", ident)).resolves.toMatchObject([
      { name: "State", value: { type: "DEVICE_STATE" } },
    ]);
    expect((await call(connection, key, "info_3")).dev_class).toBe("TangoTest");
    expect(await call(connection, key, "_get_status")).toContain("The device is in");
    // omniORB sends this one in fragments.
    const all = await call(connection, key, "get_attribute_config_5", ["All attributes_3"]);
    expect(all.length).toBeGreaterThan(50);
  });

  test("sends and receives megabytes", async () => {
    await using device = await open();
    const data = Float64Array.from({ length: 1_000_000 }, (_, index) => index);
    const back = (await command(device.connection, device.key, "DevVarDoubleArray", toAny(13, data))) as Float64Array;
    expect(
      Buffer.compare(new Uint8Array(back.buffer, back.byteOffset, back.byteLength), new Uint8Array(data.buffer)),
    ).toBe(0);
  });

  test("pipelines calls and matches their replies", async () => {
    await using device = await open();
    const calls = Array.from({ length: 100 }, (_, index) =>
      command(device.connection, device.key, "DevLong", toAny(3, index)),
    );
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  test("gets DevFailed and system exceptions as what they are", async () => {
    await using device = await open();
    const { connection, key } = device;
    const failed = await call(connection, key, "command_query_2", "nope").catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(UserException);
    const { repositoryId, members } = failed as UserException;
    expect(repositoryId).toBe("IDL:Tango/DevFailed:1.0");
    if (typeof members === "function") throw new Error("a received exception has a reader");
    expect(DevFailed.read(members).errors[0]?.reason).toBe("API_CommandNotFound");
    const unknown = await connection
      .invoke(Buffer.from("no such key"), "ping", () => {})
      .catch((error: unknown) => error);
    expect(unknown).toMatchObject({
      exception: "OBJECT_NOT_EXIST",
      minorName: "OBJECT_NOT_EXIST_NoMatch",
      completed: "NO",
    });
    const operation = await connection.invoke(key, "nonsense", () => {}).catch((error: unknown) => error);
    expect((operation as SystemException).is("BAD_OPERATION", "UnRecognisedOperationName")).toBe(true);
  });

  test("gives up by time and by abort, and the connection still works", async () => {
    await using device = await open();
    const { connection, key } = device;
    const big = toAny(13, new Float64Array(1_000_000));
    const call = (options: InvokeOptions) =>
      connection.invoke(
        key,
        "command_inout_4",
        (writer) => writeArgs(writer, "command_inout_4", ["DevVarDoubleArray", big, "DEV", ident]),
        options,
      );
    const late = await call({ timeout: 1 }).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(SystemException);
    expect((late as SystemException).minorName).toBe("TRANSIENT_CallTimedout");
    const aborter = new AbortController();
    const aborted = call({ signal: aborter.signal });
    aborter.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    expect(connection.abandoned).toBeGreaterThan(0);
    expect(await command(connection, key, "DevLong", toAny(3, 7))).toBe(7);
    // omniORB drops the answer to a request whose cancelling it has seen, and sends it otherwise: at most two are awaited.
    expect(connection.abandoned).toBeLessThanOrEqual(2);
  });

  test("prefers the unix socket that omniORB offers to its own host", async () => {
    const addresses = addressesOf(reference.profiles[0]!, hostname());
    const local = addresses.find((address) => "path" in address);
    expect(local).toBeDefined();
    await using device = await open(local);
    expect(await command(device.connection, device.key, "DevLong", toAny(3, 5))).toBe(5);
  });
});
