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
  if (kind === "energywavelength") return takeEnergy(words, axes, domain);
  const how = Object.hasOwn(served, kind) ? served[kind] : undefined;
  const names = axes.flatMap((axis) => textOf(axis, "name") ?? []);
  if (!how)
    return {
      left: [
        `motor controller of class ${textOf(words, "class") ?? "(none)"}: ${names.join(", ")} need a Tango server of their own`,
      ],
    };
  const encoders = new Map(listOf(words, "encoders").map((encoder) => [textOf(encoder, "name"), encoder]));
  const encoderOf = (axis: Words) => encoders.get(named(axis.encoder));
  const devices = axes.map((axis): TakenDevice => {
    const scale = encoderOf(axis)?.steps_per_unit;
    const device = `${domain}/motor/${textOf(axis, "name") ?? ""}`;
    return {
      server: how.server,
      className: how.className,
      device,
      properties: {
        ...ofAxis(axis),
        ...(scale !== undefined && { EncoderStepsPerUnit: scale }),
        ...how.properties(words, axis),
      },
    };
  });
  const used = new Set(axes.map((axis) => named(axis.encoder)));
  const alone = [...encoders.keys()].filter((name) => name !== undefined && !used.has(name));
  const object = (axis: Words): [string, Words][] => {
    const name = textOf(axis, "name");
    const encoder = encoderOf(axis) && { encoder: "Measured_Position" };
    return name === undefined ? [] : [[name, { kind: "motor", device: `${domain}/motor/${name}`, ...encoder }]];
  };
  return {
    objects: Object.fromEntries(axes.flatMap(object)),
    devices,
    ...(alone.length > 0 && { left: [`encoders ${alone.join(", ")}: no axis here is read by them`] }),
  };
}

/** The photon energy over the angle of a monochromator; its wavelength is a formula of the person's. */
function takeEnergy(words: Words, axes: readonly Words[], domain: string): Taken {
  const [real, energy, wavelength] = ["monoang", "energy", "wavelength"].map((tag) => tagged(axes, tag));
  const spacing = Number(textOf(words, "dspace"));
  const name = energy && textOf(energy, "name");
  if (!real || name === undefined || !(spacing > 0))
    return { left: ["EnergyWavelength without dspace, or whose axes have no tags monoang and energy"] };
  const device = `${domain}/mono/${name}`;
  const properties = {
    Geometry: "energy",
    Parameters: [`d=${spacing}`],
    Reals: [`${domain}/motor/${named(real.name)}`],
  };
  const other = wavelength && textOf(wavelength, "name");
  return {
    objects: { [name]: { kind: "motor", device, attribute: "energy" } },
    devices: [{ server: "PseudoMotor", className: "PseudoMotor", device, properties }],
    ...(other !== undefined && { left: [`axis ${other}: the wavelength moves with ${name}`] }),
  };
}

const tagged = (axes: readonly Words[], tag: string): Words | undefined =>
  axes.find((axis) =>
    String(axis.tags ?? "")
      .split(/\s+/)
      .includes(tag),
  );

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
  const objects: Record<string, Words> = {};
  const devices: TakenDevice[] = [];
  for (const { reals, gap, offset } of blades) {
    const [first, second, width, centre] = [...reals, gap, offset].map((tag) => tagged(axes, tag));
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
