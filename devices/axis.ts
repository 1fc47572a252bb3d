// SPDX-License-Identifier: MIT
// Any Tango motor, of any language, as an axis of the scan engine: an attribute that is position and target, State that is
// MOVING until it rests, a Stop command. What else it has (Velocity, Offset ...) is used when it is there.
import type { Axis, CallOptions, Limits, Setting } from "../scanning/index.ts";
import { type ConnectOptions, connect, type DeviceProxy, devFailed } from "../tango/index.ts";

export interface AxisOptions extends ConnectOptions {
  /** The attribute that is read for the position and written to move; default "Position". */
  readonly attribute?: string | undefined;
  /** The command that stops it; default "Stop", else "Abort". */
  readonly stop?: string | undefined;
  /** Digits after the point in tables; default: as the attribute's format says. */
  readonly decimals?: number | undefined;
}

/** States in which nothing has gone wrong and nothing moves. */
const restful = new Set(["ON", "OFF", "STANDBY", "OPEN", "CLOSE"]);

/**
 * Connects to the motor `trl` and gives it the name scans know it by.
 * @throws DevFailed when the device cannot be reached, or has no attribute of that name.
 */
export async function openAxis<const Name extends string>(
  name: Name,
  trl: string,
  { attribute = "Position", stop, decimals, ...options }: AxisOptions = {},
): Promise<Axis<Name> & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const device = resources.use(await connect(trl, options));
  const [configs, commands] = await Promise.all([device.attributes(), device.commands()]);
  const has = (wanted: string) => configs.some((config) => config.name.toLowerCase() === wanted.toLowerCase());
  const config = configs.find((each) => each.name.toLowerCase() === attribute.toLowerCase());
  if (!config)
    throw devFailed("API_AttrNotFound", `${trl} has no attribute ${attribute}: it cannot be the axis ${name}`);
  const stopping = [stop ?? "Stop", "Abort"].find((wanted) => commands.some((command) => command.name === wanted));
  const digits = decimals ?? decimalsOf(config.displayFormat);
  const motion = new Motion(device, attribute, name, stopping);
  const setting = (wanted: string) => (has(wanted) ? numberSetting(device, wanted) : undefined);
  const velocity = setting("Velocity");
  const acceleration = setting("Acceleration");
  const offset = setting("Offset");
  const owned = resources.move();
  return {
    kind: "axis",
    name,
    ...(config.unit && { unit: config.unit }),
    ...(digits !== undefined && { decimals: digits }),
    ...(velocity && { velocity }),
    ...(acceleration && { acceleration }),
    ...(offset && { offset }),
    ...(has("DialPosition") && { dial: (call?: CallOptions) => readNumber(device, "DialPosition", call) }),
    position: (call) => readNumber(device, attribute, call),
    target: async (call) => {
      const { set, value } = await device.readAttribute(attribute, call);
      return Number(set ?? value);
    },
    limits: (call) => readLimits(device, attribute, call),
    state: (call) => device.state(call),
    move: (target, call) => motion.move(target, call),
    stop: (call) => motion.stop(call),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

class Motion {
  readonly #device: DeviceProxy;
  readonly #attribute: string;
  readonly #name: string;
  readonly #stop: string | undefined;

  constructor(device: DeviceProxy, attribute: string, name: string, stop: string | undefined) {
    this.#device = device;
    this.#attribute = attribute;
    this.#name = name;
    this.#stop = stop;
  }

  /** Writes the target and waits until the device rests. An abort stops the motor and waits for it. */
  async move(target: number, { signal }: CallOptions = {}): Promise<number> {
    if (!Number.isFinite(target)) throw new RangeError(`axis ${this.#name} cannot be moved to position: ${target}`);
    signal?.throwIfAborted();
    await this.#device.write(this.#attribute, target);
    await this.#rest(signal);
    return readNumber(this.#device, this.#attribute);
  }

  async stop(call: CallOptions = {}): Promise<void> {
    if ((await this.#device.state(call)) !== "MOVING") return;
    if (!this.#stop) throw new Error(`axis ${this.#name}: device ${this.#device.name} has no command that stops it`);
    await this.#device.call(this.#stop);
    await this.#rest();
  }

  /** Looks at the state, soon after the start often, later less: the end is seen within a twentieth of the move's time. */
  async #rest(signal?: AbortSignal): Promise<void> {
    const begun = performance.now();
    for (;;) {
      const state = await this.#device.state();
      if (state !== "MOVING") {
        if (!restful.has(state)) await this.#refuse(state);
        return;
      }
      if (signal?.aborted) {
        await this.stop();
        throw signal.reason;
      }
      await pause(Math.min(20, (performance.now() - begun) / 20), signal);
    }
  }

  async #refuse(state: string): Promise<never> {
    const status = await this.#device.status().catch((error: Error) => error.message);
    throw new Error(`axis ${this.#name} (${this.#device.name}) ended its move in state ${state}: ${status}`);
  }
}

async function readNumber(device: DeviceProxy, attribute: string, call?: CallOptions): Promise<number> {
  return Number(await device.read(attribute, call));
}

const numberSetting = (device: DeviceProxy, attribute: string): Setting<number> => ({
  read: (call) => readNumber(device, attribute, call),
  write: (value, call) => device.write(attribute, value, call),
});

/** The attribute's minimum and maximum: they follow the motor's limits. */
async function readLimits(device: DeviceProxy, attribute: string, call?: CallOptions): Promise<Limits> {
  const { minValue, maxValue } = await device.attribute(attribute, call);
  const limit = (text: string, none: number) =>
    Number.isNaN(Number.parseFloat(text)) ? none : Number.parseFloat(text);
  return [limit(minValue, Number.NEGATIVE_INFINITY), limit(maxValue, Number.POSITIVE_INFINITY)];
}

/** Digits after the point of a C format: "%8.4f" has 4. */
function decimalsOf(format: string): number | undefined {
  const [, digits] = /%\d*\.(\d+)[fe]/.exec(format) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Resolves early when aborted. */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (milliseconds < 1) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
  });
}
