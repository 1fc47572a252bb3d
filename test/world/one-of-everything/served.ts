// SPDX-License-Identifier: MIT
// The device with one of everything, served without a database, and a PyTango client connected to it as `d`.
import { type RunningServer, type StartOptions, startServer } from "../../../tango/index.ts";
import type { PyTango } from "../everything.ts";
import { type PyTangoClient, pyTangoClient } from "../pytango.ts";
import { OneOfEverything } from "./class.ts";

export interface Served extends PyTangoClient {
  readonly server: RunningServer;
  /** The TRL of the device's administration. */
  readonly admin: string;
}

export const deviceName = "test/one/1";

/** In the client: `d` the device, `a` its admin device, `v(name)` the value an attribute reads. */
export async function served(which: PyTango, options: Partial<StartOptions> = {}): Promise<Served> {
  await using resources = new AsyncDisposableStack();
  const server = resources.use(
    await startServer({
      server: "One/test",
      classes: [OneOfEverything],
      devices: { OneOfEverything: { [deviceName]: {} } },
      ...options,
    }),
  );
  const client = resources.use(await pyTangoClient(which));
  const admin = server.trl("dserver/One/test");
  await client.py(`
    d = tango.DeviceProxy(${JSON.stringify(server.trl(deviceName))})
    a = tango.DeviceProxy(${JSON.stringify(admin)})
    def v(name): return d.read_attribute(name).value
    def q(name): return str(d.read_attribute(name).quality)
  `);
  const owned = resources.move();
  return { server, admin, py: client.py, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
