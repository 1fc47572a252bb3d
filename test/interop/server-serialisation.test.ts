// SPDX-License-Identifier: MIT
// Which calls wait for which, in each serialisation model: two threads of PyTango call Sleep at the same time.
import { expect, test } from "vitest";
import {
  command,
  DevDouble,
  DevVoid,
  defineInterface,
  deviceClass,
  type SerialModel,
  startServer,
} from "../../tango/index.ts";
import { describeWith } from "../world/peers.ts";
import { delay } from "../world/process.ts";
import { pyTangoClient } from "../world/pytango.ts";

const sleeper = (name: string) =>
  deviceClass(defineInterface({ name, commands: { Sleep: command(DevDouble, DevVoid) } }), () => ({
    Sleep: (seconds) => delay(seconds * 1000),
  }));

/** Whether two calls at once take twice as long as one: on the same device, on two of a class, on two of different classes. */
const waits: readonly (readonly [SerialModel, boolean, boolean, boolean])[] = [
  ["BY_DEVICE", true, false, false],
  ["BY_CLASS", true, true, false],
  ["BY_PROCESS", true, true, true],
  ["NO_SYNC", false, false, false],
];

const CLIENT = `
  import threading
  def both(one, other):
      ends = []
      def sleep(name):
          tango.DeviceProxy(TRL + name + "#dbase=no").Sleep(0.2)
          ends.append(time.time() - started)
      threads = [threading.Thread(target=sleep, args=(name,)) for name in (one, other)]
      started = time.time()
      for thread in threads: thread.start()
      for thread in threads: thread.join()
      return 0.35 < max(ends) if max(ends) > 0.19 else "too early"
`;

describeWith(["PyTango 10.3"], "serialisation", () => {
  const start = (serialModel: SerialModel) =>
    startServer({
      server: "Serial/t",
      classes: [sleeper("One"), sleeper("Two")],
      devices: { One: { "s/one/1": {}, "s/one/2": {} }, Two: { "s/two/1": {} } },
      serialModel,
    });

  test.each(waits)("%s", async (model, ...expected) => {
    await using server = await start(model);
    await using client = await pyTangoClient("PyTango 10.3");
    await client.py(`TRL = "tango://${server.host}:${server.port}/"`);
    await client.py(CLIENT);
    const pairs = `[both("s/one/1", "s/one/1"), both("s/one/1", "s/one/2"), both("s/one/1", "s/two/1")]`;
    expect(await client.py(pairs)).toEqual(expected);
  });

  test("who waits too long is told for what", async () => {
    await using server = await start("BY_DEVICE");
    await using client = await pyTangoClient("PyTango 10.3");
    const seen = await client.py(`
      d = tango.DeviceProxy("${server.trl("s/one/1")}")
      d.set_timeout_millis(10000)
      i = d.command_inout_asynch("Sleep", 4)
      time.sleep(0.1)
      started = time.time()
      errors = errors_of(d.State)
      [3.1 < time.time() - started < 3.6, errors[0], d.command_inout_reply(i, 5000)]
    `);
    expect(seen).toEqual([true, ["API_CommandTimedOut", expect.stringContaining("s/one/1")], null]);
  });
});
