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

/** How many calls run, and ran at most. */
interface Meter {
  now: number;
  most: number;
}
const sleeper = (name: string, meter: Meter) =>
  deviceClass(defineInterface({ name, commands: { Sleep: command(DevDouble, DevVoid) } }), () => ({
    Sleep: async (seconds) => {
      meter.most = Math.max(meter.most, ++meter.now);
      await delay(seconds * 1000);
      meter.now--;
    },
  }));

/** Whether the second of two calls at once waits for the first: on the same device, on two of a class, on two of different classes. */
const waits: readonly (readonly [SerialModel, boolean, boolean, boolean])[] = [
  ["BY_DEVICE", true, false, false],
  ["BY_CLASS", true, true, false],
  ["BY_PROCESS", true, true, true],
  ["NO_SYNC", false, false, false],
];

const CLIENT = `
  import threading
  def both(one, other):
      devices = [tango.DeviceProxy(TRL + name + "#dbase=no") for name in (one, other)]
      threads = [threading.Thread(target=device.Sleep, args=(0.4,)) for device in devices]
      for thread in threads: thread.start()
      for thread in threads: thread.join()
`;

describeWith(["PyTango 10.3"], "serialisation", () => {
  const start = (serialModel: SerialModel, meter: Meter = { now: 0, most: 0 }) =>
    startServer({
      server: "Serial/t",
      classes: [sleeper("One", meter), sleeper("Two", meter)],
      devices: { One: { "s/one/1": {}, "s/one/2": {} }, Two: { "s/two/1": {} } },
      serialModel,
    });

  test.each(waits)("%s", async (model, ...expected) => {
    const meter = { now: 0, most: 0 };
    await using server = await start(model, meter);
    await using client = await pyTangoClient("PyTango 10.3");
    await client.py(`TRL = "tango://${server.host}:${server.port}/"`);
    await client.py(CLIENT);
    const waited: boolean[] = [];
    for (const other of ["s/one/1", "s/one/2", "s/two/1"]) {
      meter.most = 0;
      await client.py(`both("s/one/1", "${other}")`);
      waited.push(meter.most === 1);
    }
    expect(waited).toEqual(expected);
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
