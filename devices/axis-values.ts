// SPDX-License-Identifier: MIT
// What attributes of a motor say: numbers, settings, limits, digits.
import type { CallOptions, Limits, SamplingCounter, Setting } from "../scanning/index.ts";
import type { DeviceProxy } from "../tango/index.ts";

export async function readNumber(device: DeviceProxy, attribute: string, call?: CallOptions): Promise<number> {
  return Number(await device.read(attribute, call));
}

export const numberSetting = (device: DeviceProxy, attribute: string): Setting<number> => ({
  read: (call) => readNumber(device, attribute, call),
  write: (value, call) => device.write(attribute, value, call),
});

/** The attribute's minimum and maximum: they follow the motor's limits. */
export async function readLimits(device: DeviceProxy, attribute: string, call?: CallOptions): Promise<Limits> {
  const { minValue, maxValue } = await device.attribute(attribute, call);
  const limit = (text: string, none: number) =>
    Number.isNaN(Number.parseFloat(text)) ? none : Number.parseFloat(text);
  return [limit(minValue, Number.NEGATIVE_INFINITY), limit(maxValue, Number.POSITIVE_INFINITY)];
}

/** `encoder:robx_enc`, read once a point. */
export function encoderCounter(
  device: DeviceProxy,
  axis: string,
  { name: attribute, unit }: { readonly name: string; readonly unit: string },
): SamplingCounter {
  const reader = () => async (call: CallOptions) => [await readNumber(device, attribute, call)];
  return {
    ...{ kind: "sampling", name: `${axis}_enc`, mode: "SINGLE", device: { name: "encoder", reader } },
    ...(unit && { unit }),
  };
}

/** Digits after the point of a C format: "%8.4f" has 4. */
export function decimalsOf(format: string): number | undefined {
  const [, digits] = /%\d*\.(\d+)[fe]/.exec(format) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
