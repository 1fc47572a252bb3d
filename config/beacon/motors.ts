// SPDX-License-Identifier: MIT
// Axes of Beacon's motor controllers: a device of one of our servers each, or one that is there already.
import type { Taken, TakenDevice } from "./taken.ts";
import type { Words } from "./tree.ts";
import { deviceOf, listOf, named, textOf } from "./words.ts";

/** Properties of a motor by the words of an axis. */
const axisWords: Readonly<Record<string, string>> = {
  steps_per_unit: "StepsPerUnit",
  velocity: "Velocity",
  acceleration: "Acceleration",
  low_limit: "LowLimit",
  high_limit: "HighLimit",
  backlash: "Backlash",
  tolerance: "Tolerance",
  unit: "Unit",
  sign: "Sign",
  offset: "Offset",
};
const ofAxis = (axis: Words) =>
  Object.fromEntries(
    Object.entries(axisWords).flatMap(([word, property]) =>
      axis[word] === undefined || axis[word] === null ? [] : [[property, axis[word]]],
    ),
  );

/** What a controller's class becomes: server, class, and the properties it adds to an axis. */
interface Served {
  readonly server: string;
  readonly className: string;
  readonly properties: (controller: Words, axis: Words) => Words;
}
const served: Readonly<Record<string, Served>> = {
  icepap: {
    server: "IcePAP",
    className: "IcepapMotor",
    properties: ({ host }, { address }) => ({ Host: host, Address: Number(address) }),
  },
  mockup: { server: "SimulatedMotor", className: "SimulatedMotor", properties: () => ({}) },
};
/** Devices are named `<domain>/motor/<axis>`. */
export function takeController(words: Words, domain: string): Taken | undefined {
  const axes = listOf(words, "axes");
  if (axes.length === 0) return undefined;
  const kind = textOf(words, "class")?.toLowerCase() ?? "";
  if (kind === "tango_attr_as_motor") return takeAttributes(words, axes);
  if (kind === "slits") return takeSlits(axes, domain);
  const how = Object.hasOwn(served, kind) ? served[kind] : undefined;
  const names = axes.flatMap((axis) => textOf(axis, "name") ?? []);
  if (!how)
    return {
      left: [
        `motor controller of class ${textOf(words, "class") ?? "(none)"}: ${names.join(", ")} need a Tango server of their own`,
      ],
    };
  const devices = axes.map((axis): TakenDevice => {
    const device = `${domain}/motor/${textOf(axis, "name") ?? ""}`;
    return {
      server: how.server,
      className: how.className,
      device,
      properties: { ...ofAxis(axis), ...how.properties(words, axis) },
    };
  });
  const encoders = listOf(words, "encoders").flatMap((encoder) => textOf(encoder, "name") ?? []);
  return {
    objects: Object.fromEntries(names.map((name) => [name, { kind: "motor", device: `${domain}/motor/${name}` }])),
    devices,
    ...(encoders.length > 0 && {
      left: [`encoders ${encoders.join(", ")}: a motor shows its own as MeasuredPosition`],
    }),
  };
}

function takeAttributes(words: Words, axes: readonly Words[]): Taken {
  const one = (axis: Words): [string, Words][] => {
    const [name, uri] = [textOf(axis, "name"), textOf(axis, "uri") ?? textOf(words, "uri")];
    if (name === undefined || uri === undefined) return [];
    const stop = textOf(axis, "stop_cmd");
    const attribute = textOf(axis, "pos_attr") ?? "position";
    return [[name, { kind: "motor", device: deviceOf(uri), attribute, ...(stop !== undefined && { stop }) }]];
  };
  return { objects: Object.fromEntries(axes.flatMap(one)) };
}

/** Gap and offset of two blades, up to twice in one item. */
const blades = [
  { reals: ["down", "up"], gap: "vgap", offset: "voffset" },
  { reals: ["front", "back"], gap: "hgap", offset: "hoffset" },
] as const;
function takeSlits(axes: readonly Words[], domain: string): Taken {
  const tagged = (tag: string) =>
    axes.find((axis) =>
      String(axis.tags ?? "")
        .split(/\s+/)
        .includes(tag),
    );
  const objects: Record<string, Words> = {};
  const devices: TakenDevice[] = [];
  for (const { reals, gap, offset } of blades) {
    const [first, second, width, centre] = [...reals, gap, offset].map(tagged);
    if (!first || !second || !width || !centre) continue;
    const device = `${domain}/slits/${textOf(width, "name")}`;
    const realDevices = [first, second].map((real) => `${domain}/motor/${named(real.name)}`);
    devices.push({
      server: "PseudoMotor",
      className: "PseudoMotor",
      device,
      properties: { Geometry: "slits", Reals: realDevices },
    });
    objects[String(width.name)] = { kind: "motor", device, attribute: "gap" };
    objects[String(centre.name)] = { kind: "motor", device, attribute: "offset" };
  }
  return devices.length > 0
    ? { objects, devices }
    : { left: ["slits whose blades have no tags up and down, or front and back"] };
}
