// SPDX-License-Identifier: MIT
// One attribute by its name or alias: what PyTango's AttributeProxy does, and what it says when there is none.
import { expect, test } from "vitest";
import type { DevFailed } from "../../tango/index.ts";
import { connect, connectAttribute, controlSystem } from "../../tango/index.ts";
import { everythingServer } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { PyTangoFailure, pyTangoClient } from "../world/pytango.ts";
import { tangoStack } from "../world/tango-stack.ts";

describeWith(["DataBaseds on MariaDB", "TangoTest", "PyTango 9.3", "PyTango 10.3"], "one attribute", () => {
  test("is read, written, configured, polled, listened to by its alias", async () => {
    await using stack = await tangoStack();
    await using server = await everythingServer(stack, "PyTango 9.3", "attribute");
    await using system = controlSystem({ host: stack.host });
    await system.database().putAttributeAlias("sys/tg_test/1/ampli", "amplitude");
    await system.database().putAlias("sys/tg_test/1", "tester");

    for (const name of [
      "amplitude",
      "SYS/tg_test/1/Ampli",
      `tango://${stack.host}/sys/tg_test/1/ampli`,
      `//${stack.host}/amplitude`,
    ]) {
      await using attribute = await connectAttribute<number>(name, name.startsWith("/") ? {} : { system });
      await attribute.write(name.length);
      expect(await attribute.read(), name).toBe(name.length);
    }
    await using ampli = await connectAttribute<number>("amplitude", { system });
    expect([ampli.name, ampli.device.name]).toEqual(["ampli", "sys/tg_test/1"]);
    await using client = await pyTangoClient("PyTango 10.3", { TANGO_HOST: stack.host });
    await client.py(`a = tango.AttributeProxy("amplitude")`);
    await ampli.write(3.5);
    expect(await client.py("a.read().value")).toBe(3.5);
    expect(await ampli.readAttribute()).toMatchObject({ value: 3.5, set: 3.5, quality: "VALID" });
    expect(await ampli.writeRead(4)).toMatchObject({ value: 4, set: 4 });

    await ampli.configure({ unit: "V" });
    expect([(await ampli.config()).unit, await client.py("a.get_config().unit")]).toEqual(["V", "V"]);
    await ampli.putProperties({ note: ["one", "two"] });
    expect(await client.py(`list(a.get_property("note")["note"])`)).toEqual(["one", "two"]);
    expect((await ampli.properties()).get("note")).toEqual(["one", "two"]);
    await ampli.deleteProperties(["note"]);
    expect((await ampli.properties()).has("note")).toBe(false);

    await ampli.configure({ absChange: "0.1" });
    await ampli.poll(50);
    expect(await client.py("a.get_poll_period()")).toBe(50);
    {
      const seen: (number | undefined)[] = [];
      for await (const event of ampli.events("change")) {
        seen.push(event.value);
        if (seen.length === 1) await ampli.write(9);
        else if (event.value === 9) break;
      }
      expect(seen[0]).toBeDefined();
    }
    expect((await ampli.history(2)).at(-1)?.value).toBe(9);
    await ampli.stopPolling();

    await using device = await connect(server.device, { system });
    const counter = device.attributeProxy("short_scalar");
    await counter.write(7);
    expect(await counter.read()).toBe(7);
  }, 60_000);

  test("that is not there is named in the C++ client's words", async () => {
    await using stack = await tangoStack();
    await using system = controlSystem({ host: stack.host });
    await using client = await pyTangoClient("PyTango 9.3", { TANGO_HOST: stack.host });
    for (const name of ["sys/tg_test/1", "nobody", "sys/tg_test/1/nosuch", "sys/tg_test/nowhere/x"]) {
      const theirs = await client.py(`tango.AttributeProxy("${name}")`).catch((error: unknown) => error);
      expect(theirs, name).toBeInstanceOf(PyTangoFailure);
      const mine = (await connectAttribute(name, { system }).catch((error: unknown) => error)) as DevFailed;
      const said = (errors: readonly { reason: string; desc: string }[]) =>
        errors.map(({ reason, desc }) => [reason, desc]);
      expect(said(mine.errors), name).toEqual(said((theirs as PyTangoFailure).errors));
    }
    const device = (await connect("sys/tg_test/1/ampli", { system }).catch((error: unknown) => error)) as DevFailed;
    expect([device.reason, device.message]).toEqual([
      "API_WrongDeviceNameSyntax",
      expect.stringContaining("connectAttribute"),
    ]);
  });
});
