// SPDX-License-Identifier: MIT
// What of an axis can be set by assigning to it at the prompt: `robx.velocity = 2`, `robx.limits = [-5, 5]`. Without this an
// assignment would silently replace what the axis is made of.
import type { Axis, Limits, Setting } from "../../scanning/index.ts";

type Set = (axis: Axis, value: unknown) => Promise<string>;

const setting =
  (name: "velocity" | "acceleration" | "offset" | "sign"): Set =>
  async (axis, value) => {
    const { [name]: one } = axis;
    if (!one) throw new TypeError(`axis ${axis.name} has no ${name} that can be set`);
    return changed(axis, name, one, number(`${axis.name}.${name}`, value));
  };
const sets: Readonly<Record<string, Set>> = {
  velocity: setting("velocity"),
  acceleration: setting("acceleration"),
  offset: setting("offset"),
  sign: setting("sign"),
  position: async (axis, value) => {
    const to = number(`${axis.name}.position`, value);
    if (!axis.offset) throw new TypeError(`axis ${axis.name} has no offset; mv(${axis.name}, ${to}) moves it`);
    const [from, offset] = [await axis.position(), await axis.offset.read()];
    await axis.offset.write(offset + to - from);
    return `${axis.name}: position reset from ${from} to ${to}, offset changed from ${offset} to ${offset + to - from}`;
  },
  limits: async (axis, value) => {
    const [low, high, ...more] = Array.isArray(value) ? value : [];
    if (typeof low !== "number" || typeof high !== "number" || more.length > 0)
      throw new TypeError(`limits are two numbers: ${axis.name}.limits = [-10, 10]`);
    if (!axis.softLimits) throw new TypeError(`the limits of axis ${axis.name} cannot be set`);
    return changed<Limits>(axis, "limits", axis.softLimits, [low, high]);
  },
};

/** `settle` is given what an assignment has started. @returns what takes it back */
export function assignable(axis: Axis, settle: (done: Promise<string>) => void): Disposable {
  const before = new Map<string, PropertyDescriptor | undefined>();
  const own = axis as unknown as Record<string, unknown>;
  for (const [name, set] of Object.entries(sets)) {
    before.set(name, Object.getOwnPropertyDescriptor(axis, name));
    const plain = own[name];
    Object.defineProperty(axis, name, {
      configurable: true,
      enumerable: before.get(name)?.enumerable ?? false,
      get: () => plain,
      set: (value: unknown) => settle(set(axis, value)),
    });
  }
  return {
    [Symbol.dispose]: () => {
      for (const [name, descriptor] of before)
        if (descriptor) Object.defineProperty(axis, name, descriptor);
        else delete own[name];
    },
  };
}

async function changed<Value>(axis: Axis, name: string, one: Setting<Value>, value: Value): Promise<string> {
  const from = await one.read();
  await one.write(value);
  return `${axis.name}: ${name} changed from ${from} to ${await one.read()}`;
}

function number(what: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new TypeError(`${what} is a number, not ${String(value)}`);
}
