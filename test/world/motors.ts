// SPDX-License-Identifier: MIT
// Simulated motors in this process, without a database.
import { simulatedMotor } from "../../devices/simulated-motor.ts";
import { motorGroupClass } from "../../servers/motor/group.ts";
import { AxisRegistry } from "../../servers/motor/registry.ts";
import { simulatedMotorClass } from "../../servers/simulated-motor/motor.ts";
import {
  type ControlSystem, connect, controlSystem, type DeviceProxy, MemoryDatabase, type PropertyInput, type RunningServer,
  startServer, storeOf,
} from "../../tango/index.ts"; // biome-ignore format: a list

export type MotorProxy = DeviceProxy<typeof simulatedMotor>;
export interface Motors extends AsyncDisposable {
  readonly server: RunningServer;
  readonly system: ControlSystem;
  motor(name: string): Promise<MotorProxy>;
}

/** Fast enough for tests: 100 mm in some 0.1 s; looked at every millisecond. */
const quick: PropertyInput = {
  Velocity: 1000,
  Acceleration: 100_000,
  StepsPerUnit: 1000,
  PollingTime: 0.001,
  IdlePollingTime: 0.01,
  EventPeriod: 0.01,
};

/** What a site stores of these motors: device -> properties; give it to `startMotors` again for a restart. */
export const motorStore = (motors: Readonly<Record<string, PropertyInput>>): MemoryDatabase =>
  new MemoryDatabase(
    storeOf({
      SimulatedMotor: Object.fromEntries(
        Object.entries(motors).map(([name, properties]) => [`a/motor/${name}`, { ...quick, ...properties }]),
      ),
      MotorGroup: { "a/group/1": {} },
    }),
  );

/** Serves the motors `a/motor/<name>` and the group `a/group/1`. */
export async function startMotors(database: MemoryDatabase): Promise<Motors> {
  await using stack = new AsyncDisposableStack();
  const axes = new AxisRegistry();
  const server = stack.use(
    await startServer({
      server: "SimulatedMotor/t",
      classes: [simulatedMotorClass(axes), motorGroupClass(axes)],
      database,
      write: () => {},
    }),
  );
  const system = stack.use(controlSystem());
  const owned = stack.move();
  return {
    server,
    system,
    motor: (name) => connect(simulatedMotor, server.trl(`a/motor/${name}`), { system }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Resolves when `device` has ended its motion: State, not time, decides. @throws when it has not within 5 s. */
export async function rest(device: { state(): Promise<string> }): Promise<string> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const state = await device.state();
    if (state !== "MOVING") return state;
    if (performance.now() > deadline) throw new Error("still MOVING after 5 s");
  }
}

/** Asks until `holds`; the last answer when 5 s have passed. */
export async function eventually<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 5000;
  let value = await ask();
  while (!holds(value) && performance.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve)); // what is asked may answer without any I/O
    value = await ask();
  }
  return value;
}
