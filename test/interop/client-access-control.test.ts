// SPDX-License-Identifier: MIT
// Read-only users cannot write: our client beside PyTango's, under the real TangoAccessControl on the real database, and
// under ours on the embedded one. What is refused, and in which words, is what the C++ client says.
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ControlSystem, DeviceProxy } from "../../tango/index.ts";
import { connect, controlSystem, DevFailed } from "../../tango/index.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import type { PyTango } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { type Running, run } from "../world/process.ts";
import { PyTangoFailure, pyTangoClient } from "../world/pytango.ts";
import { tangoStack } from "../world/tango-stack.ts";

const ready = /Ready to accept request/;
const name = "sys/tg_test/1";

/** The same deed in our words and in PyTango's. */
const deeds: Record<string, readonly [ours: (device: DeviceProxy) => Promise<unknown>, theirs: string]> = {
  "a command": [(device) => device.call("DevLong", 1), `d.command_inout("DevLong", 1)`],
  "a command that is allowed": [(device) => device.call("DevVoid"), `d.command_inout("DevVoid")`],
  Init: [(device) => device.call("Init"), "d.Init()"],
  "a command that does not exist": [(device) => device.call("NoSuch"), `d.command_inout("NoSuch")`],
  State: [(device) => device.call("State"), `d.command_inout("State")`],
  "reading an attribute": [(device) => device.read("ampli"), `d.read_attribute("ampli")`],
  "writing an attribute": [(device) => device.write("ampli", 1), `d.write_attribute("ampli", 1.)`],
  "writing and reading": [(device) => device.writeRead("ampli", 1), `d.write_read_attribute("ampli", 1.)`],
  polling: [(device) => device.polling.start("attribute", "ampli", 1000), `d.poll_attribute("ampli", 1000)`],
  "what is polled": [(device) => device.polling.list(), "d.polling_status()"],
  locking: [(device) => device.lock(), "d.lock()"],
  "the level of its log": [(device) => device.logging.setLevel("DEBUG"), "d.set_logging_level(5)"],
  "writing a property": [
    async (device) => (await device.properties()).write({ a: ["1"] }),
    `d.put_property({"a": ["1"]})`,
  ],
  "reading a property": [async (device) => (await device.properties()).read(["a"]), `d.get_property("a")`],
  "a free property": [
    (device) =>
      device.system
        .database()
        .objectProperties("x")
        .write({ a: ["1"] }),
    `tango.Database().put_property("x", {"a": ["1"]})`,
  ],
};

type Outcome = "done" | readonly (readonly [reason: string, desc: string])[];
const stack = (errors: readonly { readonly reason: string; readonly desc: string }[]): Outcome =>
  errors.map(({ reason, desc }) => [reason, desc] as const);

async function ours(system: ControlSystem): Promise<Record<string, Outcome>> {
  await using device = await connect(name, { system });
  const found: Record<string, Outcome> = {};
  for (const [deed, [act]] of Object.entries(deeds)) {
    found[deed] = await act(device).then(
      () => "done" as const,
      (error: DevFailed) => stack(error.errors),
    );
  }
  return found;
}

async function theirs(which: PyTango, host: string): Promise<Record<string, Outcome>> {
  await using client = await pyTangoClient(which, { TANGO_HOST: host });
  await client.py(`d = tango.DeviceProxy("${name}")`);
  const found: Record<string, Outcome> = {};
  for (const [deed, [, source]] of Object.entries(deeds)) {
    try {
      await client.py(source);
      found[deed] = "done";
    } catch (error) {
      if (!(error instanceof PyTangoFailure)) throw error;
      found[deed] = stack(error.errors);
    }
  }
  return found;
}

interface Facility extends AsyncDisposable {
  readonly host: string;
  readonly control: Running;
}

/** A real control system under the real access control. */
async function original(): Promise<Facility> {
  await using resources = new AsyncDisposableStack();
  const { host, env, sqlEnv } = resources.use(await tangoStack());
  const control = resources.use(
    await run("/usr/lib/tango/TangoAccessControl", ["1"], { env: { ...env, ...sqlEnv }, ready }),
  );
  const owned = resources.move();
  return { host, control, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Our database under our access control, with the same C++ TangoTest. */
async function mine(): Promise<Facility> {
  await using resources = new AsyncDisposableStack();
  const { host, env, file } = resources.use(await embeddedDatabase());
  const launcher = join(import.meta.dirname, "../../bin/TangoAccessControl");
  const control = resources.use(await run(launcher, ["1", "--file", file], { env, ready }));
  resources.use(await run("/usr/lib/tango/TangoTest", ["test"], { env, ready }));
  const owned = resources.move();
  return { host, control, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A right of everybody on devices that fit. */
const rights = { device: "sys/*/*", admin: "dserver/*/*", control: "sys/access_control/*" };

/** Makes everybody a reader of the test device, its server and the database. */
async function makeReadOnly(host: string): Promise<void> {
  await using system = controlSystem({ env: { TANGO_HOST: host, SUPER_TANGO: "TRUE" } });
  await system
    .database()
    .classProperties("TangoTest")
    .write({ AllowedAccessCmd: ["DevVoid"] });
  await system.database().putAlias(name, "tester");
  await using control = await connect("sys/access_control/1", { system });
  await control.call("RegisterService");
  await control.call("AddDeviceForUser", ["*", rights.control, "write"]);
  await control.call("AddDeviceForUser", ["*", rights.device, "read"]);
  await control.call("AddDeviceForUser", ["*", rights.admin, "read"]);
  await control.call("RemoveDeviceForUser", ["*", "*/*/*", "write"]);
}

const originals = { "the original": original, ours: mine } as const;

describeWith(
  ["DataBaseds on MariaDB", "TangoAccessControl", "TangoTest", "PyTango 9.3", "PyTango 10.3"],
  "under access control",
  () => {
    test.each(["the original", "ours"] as const)(
      "%s: a reader is refused what PyTango's reader is refused, in the same words",
      async (which) => {
        await using facility = await originals[which]();
        const { host } = facility;
        await using before = controlSystem({ host });
        await using free = await connect(name, { system: before });
        expect(await free.access()).toBe("WRITE");
        await free.write("ampli", 2);
        await makeReadOnly(host);

        await using system = controlSystem({ host });
        const reader = await ours(system);
        expect(reader).toEqual(await theirs("PyTango 9.3", host));
        expect(reader).toEqual(await theirs("PyTango 10.3", host));
        expect(Object.entries(reader).filter(([, outcome]) => outcome === "done").map(([deed]) => deed)).toEqual([
          "a command that is allowed", "State", "reading an attribute", "what is polled", "reading a property",
        ]); // biome-ignore format: a list

        // By its alias it is the same device.
        await using alias = await connect("tester", { system });
        expect(await alias.access()).toBe("READ");
        const refused = await alias.writeAttributes({ ampli: 1 }).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(DevFailed);
        expect((refused as DevFailed).errors.map(({ reason }) => reason)).toEqual([
          "API_ReadOnlyMode",
          "API_AttributeFailed",
        ]);
        // C++ clients forget these two; read-only is read-only.
        await expect(alias.configure("ampli", { unit: "V" })).rejects.toThrow("API_ReadOnlyMode");
        const blob = { name: "x", elements: [{ name: "a", value: { type: "DevLong", value: 1 } }] };
        await expect(alias.pipes.write("string_long_short_ro", blob)).rejects.toThrow("API_ReadOnlyMode");
        // Events are asked of the server by a command that readers are allowed.
        await using events = alias.events("State", "user_event");
        await events.ready;

        await using everything = controlSystem({ env: { TANGO_HOST: host, SUPER_TANGO: "true" } });
        await using free2 = await connect(name, { system: everything });
        expect(await free2.access()).toBe("WRITE");
        await free2.write("ampli", 1);

        // Rights that cannot be asked for are none.
        await facility.control.stop("SIGKILL");
        await using later = controlSystem({ host, retryDelay: 0 });
        await using lonely = await connect(name, { system: later });
        expect(await lonely.access()).toBe("READ");
        expect(await lonely.call("State")).toBe("RUNNING");
        const unanswered = await lonely.call("DevLong", 1).catch((error: unknown) => error as DevFailed);
        expect((unanswered as DevFailed).errors[0]).toMatchObject({
          reason: "API_ReadOnlyMode",
          desc: `Command DevLong on device ${name} is not authorized because an error occurs while talking to the Controlled Access Service`,
        });
      },
      90_000,
    );
  },
);
