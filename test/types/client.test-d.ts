// SPDX-License-Identifier: MIT
// What the types of a connected device promise. The type checker is the test: nothing here runs.
import type { AttributeProxy, DeviceProxy, DevStateName, Image } from "../../tango/index.ts";
import {
  command, DevDouble, DevEncoded, DevEnum, DevLong, DevLong64, DevString, DevVarDoubleArray, DevVoid, defineInterface, image, readable,
  spectrum, writable, writeOnly,
} from "../../tango/index.ts"; // biome-ignore format: a list

const motor = defineInterface({
  name: "Motor",
  attributes: {
    Position: writable(DevDouble, { unit: "mm" }),
    Steps: readable(DevLong64),
    Profile: readable(spectrum(DevDouble, 100)),
    Map: writable(image(DevLong, 10, 10)),
    Mode: writable(DevEnum, { enumLabels: ["A", "B"] }),
    Secret: writeOnly(DevString),
    Frame: readable(DevEncoded),
  },
  commands: {
    Home: command(DevVoid, DevVoid),
    Jog: command(DevDouble, DevLong),
    Path: command(DevVarDoubleArray, DevVarDoubleArray),
  },
});

type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>() => {};

export async function promises(device: DeviceProxy<typeof motor>): Promise<void> {
  const position = await device.read("Position");
  holds<Is<typeof position, number>>();
  const steps = await device.read("Steps");
  holds<Is<typeof steps, bigint>>();
  const profile = await device.read("Profile");
  holds<Is<typeof profile, Float64Array>>();
  const map = await device.read("Map");
  holds<Is<typeof map, Image<Int32Array>>>();
  const state = await device.read("State");
  holds<Is<typeof state, DevStateName>>();
  const [first, second] = await device.readAttributes(["Position", "Steps"]);
  holds<Is<typeof first.value, number | undefined>>();
  holds<Is<typeof second.set, bigint | undefined>>();
  const counted = await device.call("Jog", 1.5);
  holds<Is<typeof counted, number>>();
  await device.call("Home");
  await device.call("Home", undefined, { timeout: 10 });
  await device.call("Path", [1, 2, 3]);
  await device.write("Position", 1);
  await device.write("Map", { data: [1, 2, 3, 4], shape: [2, 2] });
  await device.writeAttributes({ Position: 1, Secret: "x" });
  await device.send("Jog", 1);
  const attribute = device.attributeProxy("Profile");
  holds<Is<typeof attribute, AttributeProxy<Float64Array>>>();
  await attribute.write([1, 2]);
  for await (const { value } of attribute.events("change")) holds<Is<typeof value, Float64Array | undefined>>();
}

export async function refusals(device: DeviceProxy<typeof motor>): Promise<void> {
  // @ts-expect-error no such attribute
  await device.read("Positon");
  // @ts-expect-error not writable
  await device.write("Steps", 1n);
  // @ts-expect-error wrong type
  await device.write("Position", "1");
  // @ts-expect-error 64-bit integers are bigint
  await device.writeAttributes({ Steps: 1 });
  // @ts-expect-error no such command
  await device.call("Hom");
  // @ts-expect-error an argument is wanted
  await device.call("Jog");
  // @ts-expect-error of this type
  await device.call("Jog", "fast");
  // @ts-expect-error no argument is taken
  await device.call("Home", 1);
  // @ts-expect-error no such attribute
  device.attributeProxy("Positon");
  // @ts-expect-error wrong type
  await device.attributeProxy("Position").write("1");
  // @ts-expect-error an argument is wanted
  await device.send("Jog");
}

export async function anything(device: DeviceProxy): Promise<void> {
  const value = await device.read("whatever");
  holds<Is<typeof value, unknown>>();
  await device.write("whatever", [1, 2]);
  await device.call("Anything", { lvalue: [1], svalue: [] });
  // @ts-expect-error nothing is known of it
  value.toFixed(1);
}
