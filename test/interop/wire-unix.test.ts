// SPDX-License-Identifier: MIT
// omniORB's unix-socket transport: clients of our own host prefer the socket that our IOR offers, and keep to TCP when
// they are told to. The device is exported to the real database, as any server does.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ClientConnection,
  codeSetsComponent,
  GiopServer,
  ObjectReference,
  unixSocketComponent,
} from "../../tango/giop/index.ts";
import { interfaceId, toAny, writeArgs } from "../../tango/idl/index.ts";
import { tcp, unix } from "../../tango/transport/index.ts";
import { echoAdapter } from "../world/echo-device.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const run = promisify(execFile);
const name = "test/unix/1";
const key = Buffer.from("a/b/c");

describeWith(["DataBaseds on MariaDB", "PyTango 9.3", "PyTango 10.3"], "a device on a unix socket and on TCP", () => {
  let stack: TangoStack;
  const folder = mkdtempSync(join(tmpdir(), "wire-unix-"));
  beforeAll(async () => {
    stack = await tangoStack({ tangoTest: false });
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** Serves the device, registers it, and returns how many requests came by each transport during `use`. */
  async function served(use: (env: NodeJS.ProcessEnv) => Promise<void>) {
    const path = join(folder, "omni");
    const came = { tcp: 0, unix: 0 };
    const adapter = echoAdapter({ onRequest: ({ peer }) => came[peer === path ? "unix" : "tcp"]++ });
    await using onTcp = await GiopServer.listen(tcp(), { host: "127.0.0.1", port: 0 }, adapter);
    await using _onUnix = await GiopServer.listen(unix(), { path }, adapter);
    const port = "port" in onTcp.endpoint ? onTcp.endpoint.port : 0;
    const components = [codeSetsComponent(), unixSocketComponent(hostname(), path)];
    const reference = new ObjectReference(interfaceId(6), [{ minor: 2, host: "127.0.0.1", port, key, components }]);
    const { profiles } = ObjectReference.parse(`corbaloc:iiop:${stack.host}/database`);
    await using database = await ClientConnection.open(tcp(), profiles[0]!, { minor: 0 });
    const command = (command: string, argument: readonly string[]) =>
      database.invoke(profiles[0]!.key, "command_inout", (writer) =>
        writeArgs(writer, "command_inout", [command, toAny(16, argument)]),
      );
    await command("DbAddDevice", ["Echo/unix", name, "Echo"]);
    await command("DbExportDevice", [name, reference.toString(), hostname(), String(process.pid), "6"]);
    await use(stack.env);
    return came;
  }

  const script = `import tango; d = tango.DeviceProxy("${name}"); print([d.command_inout("C3", n) for n in range(20)][-1])`;
  for (const [version, interpreter] of [
    ["9.3", debianPython],
    ["10.3", python],
  ] as const) {
    test(`PyTango ${version} takes the unix socket`, async () => {
      const came = await served(async (env) => {
        expect((await run(interpreter, ["-c", script], { env })).stdout.trim()).toBe("19");
      });
      expect(came.unix).toBeGreaterThan(20);
      expect(came.tcp).toBe(0);
    });

    test(`PyTango ${version} takes TCP when its rule says so`, async () => {
      const came = await served(async (env) => {
        const tcpOnly = { ...env, ORBclientTransportRule: "* tcp" };
        expect((await run(interpreter, ["-c", script], { env: tcpOnly })).stdout.trim()).toBe("19");
      });
      expect(came.tcp).toBeGreaterThan(20);
      expect(came.unix).toBe(0);
    });
  }
});
