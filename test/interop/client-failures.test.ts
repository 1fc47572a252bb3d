// SPDX-License-Identifier: MIT
// What fails, fails as in the C++ client: the same causes met by our client and by PyTango's, reason by reason.
import { expect, test } from "vitest";
import type { ControlSystem, DeviceProxy } from "../../tango/index.ts";
import { connect, controlSystem, DevFailed } from "../../tango/index.ts";
import { everythingServer } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { PyTangoFailure, pyTangoClient } from "../world/pytango.ts";
import { tangoStack } from "../world/tango-stack.ts";

interface Place {
  readonly system: ControlSystem;
  /** A device that is there, slow and failing at will. */
  readonly device: DeviceProxy;
}
type Cause = readonly [ours: (place: Place) => Promise<unknown>, theirs: string];

const unreachable = (trl: string): Cause => [
  ({ system }) => connect(trl, { system }),
  `tango.DeviceProxy("${trl}").ping()`,
];

/** PyTango's proxies are made all the same, and try no more for a second. */
const madeAnyway = (trl: string): Cause => [
  ({ system }) => connect(trl, { system }),
  `d2 = tango.DeviceProxy("${trl}"); time.sleep(1.1); d2.ping()`,
];

const causes: Readonly<Record<string, Cause>> = {
  "a name that is no name": unreachable("a/b"),
  "an unknown protocol": unreachable("http://host:1/a/b/c"),
  "a colon where there is no protocol": unreachable("taco:a/b/c"),
  "a host whose name nobody knows": unreachable("tango://no-such-host.invalid:10000/a/b/c"),
  "an unknown modifier": unreachable("a/b/c#dbase=maybe"),
  "a device nobody knows": unreachable("no/such/device"),
  "an alias nobody knows": unreachable("nobody"),
  "a device whose server was never started": madeAnyway("test/everything/never"),
  "a server without database that is not there": madeAnyway("tango://127.0.0.1:1/a/b/c#dbase=no"),
  "a database that is not there": unreachable("tango://127.0.0.1:1/a/b/c"),
  "a device that its server does not have": madeAnyway("test/everything/moved"),
  "an unknown command": [({ device }) => device.call("NoSuch"), `d.command_inout("NoSuch")`],
  "a command that fails": [({ device }) => device.call("Fail"), `d.command_inout("Fail")`],
  "an unknown attribute": [({ device }) => device.read("nosuch"), `d.read_attribute("nosuch")`],
  "an attribute that fails": [({ device }) => device.read("failing"), `d.read_attribute("failing")`],
  "a value above the limit": [({ device }) => device.write("limited", 1000), `d.write_attribute("limited", 1000.)`],
  "writing what may only be read": [({ device }) => device.write("failing", 1), `d.write_attribute("failing", 1.)`],
  "a command that takes too long": [
    ({ device }) => device.call("Sleep", 0.5, { timeout: 150 }),
    `d.set_timeout_millis(150); d.command_inout("Sleep", 0.5)`,
  ],
  "an attribute that is not polled": [
    ({ device }) => device.attributeHistory("double_scalar", 3),
    `d.set_timeout_millis(3000); d.attribute_history("double_scalar", 3)`,
  ],
  "a black box asked for nothing": [({ device }) => device.blackBox(0), "d.black_box(0)"],
  "an event that would not come": [
    async ({ device }) => {
      await using stream = device.events("double_scalar", "change");
      await stream.ready;
    },
    `d.subscribe_event("double_scalar", tango.EventType.CHANGE_EVENT, print)`,
  ],
  "a short lock": [({ device }) => device.lock({ validity: 1 }), "d.lock(1)"],
};

/** Origins are the implementation's own; versions word them differently. Ours says in brackets what the system said. */
const stack = (errors: readonly { readonly reason: string; readonly desc: string }[]) =>
  errors.map(({ reason, desc }) => `${reason}: ${desc.replace(/^(.* CORBA system exception: \w+) \(.*\)$/s, "$1")}`);

describeWith(["DataBaseds on MariaDB", "TangoTest", "PyTango 9.3", "PyTango 10.3"], "every cause of failure", () => {
  test.each(["PyTango 9.3", "PyTango 10.3"] as const)(
    "as %s words it",
    async (which) => {
      await using world = await tangoStack();
      await using server = await everythingServer(world, "PyTango 9.3", "failures");
      await using system = controlSystem({ host: world.host });
      const database = system.database();
      for (const name of ["never", "moved"])
        await database.addServer(`Everything/${name}`, [{ device: `test/everything/${name}`, class: "Everything" }]);
      const { ior, host, pid, version } = await database.importDevice(server.device);
      await database.exportDevice({ device: "test/everything/moved", ior: stale(ior), host, pid, version });
      await using device = await connect(server.device, { system });
      await using client = await pyTangoClient(which, { TANGO_HOST: world.host });
      await client.py(`d = tango.DeviceProxy("${server.device}")`);
      const found: Record<string, unknown> = {};
      const expected: Record<string, unknown> = {};
      for (const [cause, [ours, theirs]] of Object.entries(causes)) {
        const mine = await ours({ system, device }).catch((error: unknown) => error);
        const other = await client.py(theirs).catch((error: unknown) => error);
        found[cause] = mine instanceof DevFailed ? stack(mine.errors) : mine;
        expected[cause] = other instanceof PyTangoFailure ? stack(other.errors) : other;
      }
      expect(found).toEqual(expected);
    },
    60_000,
  );
});

/** The reference with the last byte of its key changed: an object that is no more. */
function stale(ior: string): string {
  const bytes = Buffer.from(ior.slice(4), "hex");
  const at = bytes.indexOf(0xfe);
  bytes[at + 13] = 0x77;
  return `IOR:${bytes.toString("hex")}`;
}
