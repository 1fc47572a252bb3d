// SPDX-License-Identifier: MIT
// A motor device from a driver: what every motor class returns.
//
//   const axes = new AxisRegistry();
//   const AcmeMotor = deviceClass(acmeMotor, (device) => openMotor(device, new AcmeAxis(device.properties), axes));
import type { motor } from "../../devices/motor.ts";
import type { Handlers } from "../../tango/index.ts";
import { MotorAxis } from "./axis.ts";
import type { AxisDriver } from "./driver.ts";
import { stepsOfDial } from "./frame.ts";
import { motorHandlers } from "./handlers.ts";
import { SettingsMemory } from "./memory.ts";
import type { Speed } from "./profile.ts";
import type { AxisRegistry } from "./registry.ts";
import { checkProperties, type MotorProperties } from "./settings.ts";
import { publishChanges } from "./shown.ts";
import { messageOf } from "./situation.ts";
import type { MotorDevice } from "./view.ts";

/**
 * Starts to look after `driver`; owns it from now on. It is among `axes` while its device is open. A controller that does
 * not answer leaves the device in FAULT, and it recovers alone. A motion found going on is followed.
 * @throws RangeError naming a property no motor can work with.
 */
export async function openMotor(
  device: MotorDevice,
  driver: AxisDriver,
  axes: AxisRegistry,
): Promise<Handlers<typeof motor>> {
  await using stack = new AsyncDisposableStack();
  stack.use(driver);
  checkProperties(device.properties);
  const speed = await controllerSpeed(driver, device.properties, (text) => device.log.warn(text));
  const memory = stack.use(new SettingsMemory(device, speed, device.properties.Settings));
  const axis = new MotorAxis(device, driver, memory);
  await restore(axis);
  publishChanges(axis, undefined);
  showUnits(device);
  await axis.check();
  stack.use(axes.add(axis));
  stack.use(keepChecking(axis));
  stack.defer(() => halted(axis));
  const owned = stack.move();
  return { ...motorHandlers(axis, axes), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function controllerSpeed(
  driver: AxisDriver,
  { StepsPerUnit }: MotorProperties,
  report: (text: string) => void,
): Promise<Speed | undefined> {
  try {
    const speed = await driver.speed?.();
    const steps = Math.abs(StepsPerUnit);
    return speed && { velocity: speed.velocity / steps, acceleration: speed.acceleration / steps };
  } catch (error) {
    report(`${driver.about}: speed not read: ${messageOf(error)}`);
    return undefined;
  }
}

/** Gives the controller back what it does not keep itself. */
async function restore({ driver, settings, device, frame }: MotorAxis): Promise<void> {
  try {
    if (Number.isFinite(settings.position)) await driver.recall?.(stepsOfDial(frame, settings.position));
    if (!Number.isNaN(settings.closedLoop)) await driver.setClosedLoop?.(settings.closedLoop === 1);
  } catch (error) {
    device.log.warn(`${driver.about}: not restored: ${messageOf(error)}`);
  }
}

function showUnits(device: MotorDevice): void {
  const unit = device.properties.Unit;
  const lengths = [
    "Position",
    "DialPosition",
    "Measured_Position",
    "FollowingError",
    "Backlash",
    "Tolerance",
    "Offset",
    "LowLimit",
    "HighLimit",
    "Limits",
    "Home_Position",
    "PresetPosition",
    "StepSize",
    "Target",
  ] as const;
  for (const name of lengths) device.configure(name, { unit });
  for (const name of ["Velocity", "FirstVelocity", "JogVelocity"]) device.configure(name, { unit: `${unit}/s` });
  device.configure("Acceleration", { unit: `${unit}/s^2` });
  device.configure("Steps_per_unit", { unit: `steps/${unit}` });
}

/** Looks at the controller now and then, so that what happens to it by itself is seen. */
function keepChecking(axis: MotorAxis): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined;
  let checking = Promise.resolve();
  let closed = false;
  const period = axis.device.properties.IdlePollingTime * 1000;
  const again = () => {
    if (closed) return;
    timer = setTimeout(() => {
      checking = axis
        .check()
        .catch((error: unknown) => axis.device.log.error(messageOf(error)))
        .then(again);
    }, period);
  };
  again();
  return {
    [Symbol.asyncDispose]: async () => {
      closed = true;
      clearTimeout(timer);
      await checking;
    },
  };
}

/** Stops the axis when its device closes, and waits until it rests; an axis that does not is left after 5 s. */
async function halted(axis: MotorAxis): Promise<void> {
  if (!axis.moving) return;
  await axis.halt("stop").catch((error: unknown) => axis.device.log.error(messageOf(error)));
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    axis.device.log.error(`${axis.driver.about} did not come to rest within 5 s of Stop`);
    resolve();
  }, 5000);
  await Promise.race([axis.ended, promise]);
  clearTimeout(timer);
}
