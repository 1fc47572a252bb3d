// SPDX-License-Identifier: MIT
// Who locks a device locks the roots of its forwarded attributes. The same questions to our forwarder and to PyTango's, which
// is cppTango's own; the clients are PyTango 9.3 and 10.3.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  command, controlSystem, DevVoid, defineInterface, deviceClass, forwarded, startServer,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { type EverythingServer, everythingServer, type PyTango, pyTangos } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { run } from "../world/process.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const forwarder = defineInterface({
  name: "Forwarder",
  forwarded: { f1: forwarded() },
  commands: { Noop: command(DevVoid, DevVoid) },
});
const Forwarder = deviceClass(forwarder, () => ({ Noop: () => {} }));

describeWith(["DataBaseds on MariaDB", "PyTango 9.3", "PyTango 10.3"], "locks of forwarders", () => {
  let stack: TangoStack;
  let root: EverythingServer;
  const clients = new Map<PyTango, PyTangoClient>();
  const servers = new AsyncDisposableStack();
  beforeAll(async () => {
    stack = await tangoStack({ tangoTest: false });
    root = await everythingServer(stack, "PyTango 10.3", "root");
    const devices = { ours: "Forwarder", peer: "PeerForwarder" };
    await using system = controlSystem({ host: stack.host });
    for (const [instance, name] of Object.entries(devices)) {
      await system.database().addServer(`${name}/${instance}`, [{ device: `fwd/lock/${instance}`, class: name }]);
    }
    for (const which of ["PyTango 9.3", "PyTango 10.3"] as const) {
      clients.set(which, await pyTangoClient(which, { TANGO_HOST: stack.host }));
    }
    await clients.get("PyTango 10.3")?.py(`
      for name in ("fwd/lock/ours", "fwd/lock/peer"):
          tango.Database().put_device_attribute_property(name, {"f1": {"__root_att": ["test/everything/root/limited"]}})
    `);
    servers.use(await startServer({ server: "Forwarder/ours", classes: [Forwarder], database: stack.host }));
    const script = join(import.meta.dirname, "../world/forwarder.py");
    servers.use(await run(pyTangos["PyTango 10.3"], [script, "peer"], { env: stack.env, ready: /Ready to accept/ }));
    for (const client of clients.values()) {
      await client.py(`
        import os
        r = tango.DeviceProxy("test/everything/root")
        ra = tango.DeviceProxy(r.adm_name())
        def use(name):
            global d, a
            d = tango.DeviceProxy(name)
            a = tango.DeviceProxy(d.adm_name())
        def by_whom(admin, device):
            pid = list(admin.DevLockStatus(device)[0])[1]
            return {0: None, os.getpid(): "me"}.get(pid, "another")
        def locked(): return [by_whom(a, d.dev_name()), by_whom(ra, r.dev_name())]
        def failure(call):
            errors = errors_of(call)
            return errors and [errors[0][0], errors[0][1].replace(d.dev_name(), "D")]
      `);
    }
  });
  afterAll(async () => {
    for (const client of clients.values()) await client[Symbol.asyncDispose]();
    await servers.disposeAsync();
    await root?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });
  const by = (which: PyTango) => (source: string) => clients.get(which)?.py(source);
  const [one, other] = [by("PyTango 10.3"), by("PyTango 9.3")];
  const taken = ["API_DeviceLocked", "Device test/everything/root is locked by another client"];

  describe.each(["peer", "ours"])("%s", (which) => {
    beforeAll(async () => {
      for (const py of [one, other]) await py(`use("fwd/lock/${which}")`);
    });

    test("the forwarder's server holds the root: its owner writes through it, nobody goes round it", async () => {
      await one(`d.lock(10)`);
      expect(await one(`locked()`)).toEqual(["me", "another"]);
      expect(await one(`failure(lambda: d.write_attribute("f1", 3))`)).toBeNull();
      for (const py of [one, other])
        expect(await py(`failure(lambda: r.write_attribute("limited", 4))`)).toEqual(taken);
      expect(await other(`failure(lambda: d.write_attribute("f1", 4))`)).toEqual([
        "API_DeviceLocked",
        "Device D is locked by another client",
      ]);
      await one(`d.unlock()`);
      expect(await one(`locked()`)).toEqual([null, null]);
      expect(await other(`failure(lambda: r.write_attribute("limited", 4))`)).toBeNull();
    });

    test("broken by force, the root is free as well", async () => {
      await one(`d.lock(10)`);
      await other(`d.unlock(True)`);
      expect(await other(`locked()`)).toEqual([null, null]);
      await one(`d.unlock()`);
    });

    test("a device made anew is locked still; a server made anew has no locks", async () => {
      await one(`d.lock(10); a.DevRestart(d.dev_name())`);
      expect((await one(`locked()`)) as string[]).toEqual(["me", which === "ours" ? "another" : null]);
      expect(await one(`failure(lambda: d.Noop())`)).toBeNull();
      expect(await other(`failure(lambda: d.Noop())`)).toEqual([
        "API_DeviceLocked",
        "Device D is locked by another client",
      ]);
      await one(`a.RestartServer(); until(lambda: locked() == [None, None])`);
      expect(await one(`until(lambda: failure(lambda: d.read_attribute("f1")) is None, 20)`)).toBe(true);
      expect(await other(`failure(lambda: d.Noop())`)).toBeNull();
    });

    test("the root is locked by somebody else: the device cannot be locked", async () => {
      await other(`r.lock(10)`);
      expect(await one(`failure(lambda: d.lock(10))`)).toEqual([
        "API_DeviceLocked",
        "Device test/everything/root is already locked by another client",
      ]);
      await other(`r.unlock()`);
      // cppTango's device stays locked all the same: that is undone here, and never done by ours.
      if (which === "peer") await one(`d.unlock()`);
      expect(await one(`locked()`)).toEqual([null, null]);
    });
  });

  // cppTango counts the locks of the root and undoes one of them: it stays locked as long as the server runs.
  test("ours: locked twice and freed twice, the root is free", async () => {
    await one(`use("fwd/lock/ours"); d.lock(10); d.lock(10); d.unlock()`);
    expect(await one(`locked()`)).toEqual(["me", "another"]);
    await one(`d.unlock()`);
    expect(await one(`locked()`)).toEqual([null, null]);
  });

  // cppTango frees it when somebody asks again after the device; here it is time that does.
  test("ours: the lock of a client that died ends, and that of the root with it", async () => {
    const client = await pyTangoClient("PyTango 10.3", { TANGO_HOST: stack.host });
    await client.py(`import os; d = tango.DeviceProxy("fwd/lock/ours"); d.lock(2)`);
    const pid = await client.py(`os.getpid()`);
    process.kill(Number(pid), "SIGKILL");
    await client[Symbol.asyncDispose]();
    expect(await one(`until(lambda: by_whom(ra, r.dev_name()) is None, 20)`)).toBe(true);
    expect(await one(`locked()`)).toEqual([null, null]);
  });
});
