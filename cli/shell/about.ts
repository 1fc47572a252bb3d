// SPDX-License-Identifier: MIT
// What a person sees of a value typed at the prompt: of an axis where it is, of a counter its reading, of a group what is
// enabled. Hardware is asked for it; everything else is shown as JavaScript shows it.
import { inspect } from "node:util";
import {
  type Axis, type CallOptions, type Counter, counterFullname, type Fit, isAxis, isCounter, type MeasurementGroup, Scan, ScanRun, type Session, type Setting,
} from "../../scanning/index.ts"; // biome-ignore format: a list
import { isDevice } from "./completion.ts";

const patience: CallOptions = { timeout: 3000 };

/** Without asking anything. */
export function shown(value: unknown, colors = false): string {
  if (value instanceof ScanRun)
    return `Scan(${value.title}; ${value.points === 1 ? "1 point" : `${value.points} points`}, ${value.state})`;
  if (value instanceof Scan || hasWords(value)) return String(value);
  if (Array.isArray(value) && value.length > 0 && value.every((one) => one instanceof ScanRun))
    return value.map((one) => shown(one)).join("\n");
  if (isFit(value)) return `Fit(${value.shape} at ${value.center})`;
  if (isDevice(value)) return `Device(${value.name})`;
  if (isAxis(value)) return `Axis(${value.name}${value.unit ? `, ${value.unit}` : ""})`;
  return inspect(value, { colors, depth: 2, maxArrayLength: 20 });
}

/** `fit` has told all of it. */
const isFit = (value: unknown): value is Fit => typeof value === "object" && value !== null && "shape" in value && "rms" in value; // biome-ignore format: one glance
/** A dry run, and other values that say themselves in words. */
const hasWords = (value: unknown): boolean => typeof value === "object" && value !== null && Object.hasOwn(value, "toString"); // biome-ignore format: one glance

/** undefined: `shown` says it all. @throws what the device throws */
export async function about(value: unknown, session: Session): Promise<string | undefined> {
  if (isAxis(value)) return aboutAxis(value);
  if (isGroup(value)) return aboutGroup(value, value === session.activeGroup);
  if (isCounter(value)) return aboutCounter(value);
  if (isSetting(value)) return plain(await value.read(patience));
  if (typeof value === "function") {
    const axis = session.axes.find((one) => readings.some((name) => one[name] === value));
    const read = value as (call: CallOptions) => Promise<unknown>;
    return axis && plain(await read.call(axis, patience));
  }
  return undefined;
}
const readings = ["position", "target", "dial", "state", "limits"] as const;
const plain = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value));
const isGroup = (value: unknown): value is MeasurementGroup =>
  typeof value === "object" && value !== null && "switchState" in value;
const isSetting = (value: unknown): value is Setting<unknown> =>
  typeof value === "object" &&
  value !== null &&
  "read" in value &&
  "write" in value &&
  typeof value.read === "function" &&
  Object.keys(value).length === 2;

async function aboutAxis(axis: Axis): Promise<string> {
  const { unit = "", decimals = 5 } = axis;
  const place = (value: number) => value.toFixed(decimals);
  const per = (text: string) => (unit === "" ? text : unit + text);
  const rows: readonly (readonly [string, Promise<number | string | undefined> | undefined, string?])[] = [
    ["position", axis.position(patience).then(place), unit],
    ["dial", axis.dial?.(patience).then(place), unit],
    ["offset", axis.offset?.read(patience).then(place), unit],
    ["sign", axis.sign?.read(patience)],
    ["limits", axis.limits(patience).then((both) => both.map(place).join(" to ")), unit],
    ["velocity", axis.velocity?.read(patience), per("/s")],
    ["acceleration", axis.acceleration?.read(patience), per("/s2")],
    ["state", axis.state?.(patience)],
    ["reals", named(axis.reals)],
    ["encoder", axis.encoder && Promise.resolve(counterFullname(axis.encoder))],
  ];
  const told = await Promise.all(rows.map(async ([name, value, of = ""]) => [name, await value?.catch(said), of] as const)); // biome-ignore format: one glance
  const lines = told.filter(([, value]) => value !== undefined).map(([name, value, of]) => line(name, value, of));
  return [`AXIS ${axis.name}`, ...lines].join("\n");
}
const named = (axes: readonly Axis[] | undefined) =>
  axes && axes.length > 0 ? Promise.resolve(axes.map(({ name }) => name).join(", ")) : undefined;

async function aboutCounter(counter: Counter): Promise<string> {
  const lines = [line("name", counterFullname(counter)), line("unit", counter.unit ?? "-")];
  if (counter.kind === "detector") lines.push(line("shape", `${counter.dim}D`));
  if (counter.kind === "calc") lines.push(line("from", Object.values(counter.device.inputs).map(counterFullname).join(", "))); // biome-ignore format: one glance
  if (counter.kind === "sampling") {
    lines.push(line("mode", counter.mode ?? "MEAN"));
    lines.push(line("value", await reading(counter).catch(said)));
  }
  return [`COUNTER ${counter.name}`, ...lines].join("\n");
}
async function reading(counter: Counter & { readonly kind: "sampling" }): Promise<number> {
  const [value = Number.NaN] = Array.from(await counter.device.reader([counter])(patience));
  return counter.convert ? counter.convert(value) : value;
}

function aboutGroup(group: MeasurementGroup, active: boolean): string {
  const enabled = group.counters.map(counterFullname);
  return [
    `GROUP ${group.name}${active ? " (active)" : ""}, state ${group.state} of ${group.states.join(", ")}`,
    line("enabled", enabled.join(", ") || "none"),
    line("disabled", group.disabled.join(", ") || "none"),
  ].join("\n");
}

const line = (name: string, value: unknown, unit = "") => `  ${name.padEnd(12)}  ${value} ${unit}`.trimEnd();
const said = (error: Error) => `!!! ${error.message}`;
