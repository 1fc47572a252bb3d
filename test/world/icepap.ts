// SPDX-License-Identifier: MIT
// IcePAP axes in this process: an emulated rack, or any controller by its port, and the Tango devices that drive it.
import { icepapMotor } from "../../devices/icepap-motor.ts";
import { IcepapControllers } from "../../servers/icepap/controller.ts";
import type { BoardOptions } from "../../servers/icepap/emulator/board.ts";
import { emulateIcepap, type IcepapEmulator } from "../../servers/icepap/emulator/server.ts";
import { icepapMotorClass } from "../../servers/icepap/motor.ts";
import { motorGroupClass } from "../../servers/motor/group.ts";
import { AxisRegistry } from "../../servers/motor/registry.ts";
import {
  type ControlSystem, connect, controlSystem, type DeviceProxy, type PropertyInput, type RunningServer, startServer,
} from "../../tango/index.ts"; // biome-ignore format: a list

export interface IcepapDevices extends AsyncDisposable {
  readonly server: RunningServer;
  readonly system: ControlSystem;
  motor(address: number): Promise<DeviceProxy<typeof icepapMotor>>;
}

/** Serves `a/icepap/<address>` for each address, and the group `a/group/1`. */
export async function startIcepap(
  port: number,
  addresses: readonly number[],
  properties: PropertyInput = {},
): Promise<IcepapDevices> {
  await using stack = new AsyncDisposableStack();
  const axes = new AxisRegistry();
  const quick = { Host: "127.0.0.1", Port: port, StepsPerUnit: 100, PollingTime: 0.002, IdlePollingTime: 0.02 };
  const server = stack.use(
    await startServer({
      server: "IcePAP/t",
      classes: [icepapMotorClass(axes, new IcepapControllers()), motorGroupClass(axes)],
      devices: {
        IcepapMotor: Object.fromEntries(
          addresses.map((Address) => [`a/icepap/${Address}`, { ...quick, ...properties, Address }]),
        ),
        MotorGroup: { "a/group/1": {} },
      },
      write: () => {},
    }),
  );
  const system = stack.use(controlSystem());
  const owned = stack.move();
  return {
    server,
    system,
    motor: (address) => connect(icepapMotor, server.trl(`a/icepap/${address}`), { system }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** An emulated rack and devices for all its axes. */
export async function icepapWorld(
  axes: readonly BoardOptions[],
  properties: PropertyInput = {},
): Promise<IcepapDevices & { readonly emulator: IcepapEmulator }> {
  await using stack = new AsyncDisposableStack();
  const emulator = stack.use(await emulateIcepap({ axes }));
  const addresses = axes.map(({ address }) => address);
  const devices = stack.use(await startIcepap(emulator.port, addresses, properties));
  const owned = stack.move();
  return { ...devices, emulator, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
