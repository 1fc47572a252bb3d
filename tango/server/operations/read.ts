// SPDX-License-Identifier: MIT
// Reading attributes: several in one call, from the hardware or from the cache, each with its own failure.
import { devFailed } from "../../errors.ts";
import type { DevSource } from "../../idl/index.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";
import type { Sample } from "../attribute/sample.ts";
import { andThen, attempt, inTurn } from "../awaitable.ts";
import type { ServedDevice } from "../device/device.ts";
import { asDevFailed } from "../failure.ts";
import { ForwardedAttribute } from "../forwarded/attribute.ts";
import type { Awaitable, Call } from "../types.ts";

/** The names that stand for every attribute; clients of the first two interfaces mean those the class has. */
const all = /^all attributes(_3)?$/i;

export const attributeNotFound = (name: string) =>
  devFailed("API_AttrNotFound", `${name} attribute not found`, "MultiAttribute::get_attr_by_name");

export function expanded(device: ServedDevice, names: readonly string[]): readonly string[] {
  const asked = names.length === 1 ? all.exec(names[0] ?? "") : null;
  if (!asked) return names;
  const isNew = asked[1] !== undefined;
  const wanted = [...device.attributes.values()].filter(({ key }) => isNew || (key !== "state" && key !== "status"));
  return wanted.map(({ name }) => name);
}

/** One sample a name, in order. In the device's turn, unless everything comes from the cache. */
export function readAttributes(
  device: ServedDevice,
  names: readonly string[],
  source: DevSource,
  call: Call,
): Awaitable<readonly Sample[]> {
  const wanted = expanded(device, names);
  const samples: (Sample | undefined)[] = [];
  const fromDevice: { readonly index: number; readonly attribute: ServedAttribute }[] = [];
  let fromRoots: Promise<void>[] | undefined;
  for (const [index, name] of wanted.entries()) {
    const attribute = device.attribute(name);
    if (attribute instanceof ForwardedAttribute) {
      const read = attribute.readFrom(source, call).then((sample) => void (samples[index] = sample));
      (fromRoots ??= []).push(read);
      continue;
    }
    samples[index] = attribute ? cached(device, attribute, source) : unknown(device, name);
    if (attribute && !samples[index]) fromDevice.push({ index, attribute });
  }
  const read = fromDevice.length === 0 ? undefined : readInTurn(device, fromDevice, samples, call);
  if (!fromRoots) return andThen(read, () => samples as Sample[]);
  // Roots have turns of their own, and wait for each other no more than for this device.
  return Promise.all([...fromRoots, read]).then(() => samples as Sample[]);
}

function readInTurn(
  device: ServedDevice,
  fromDevice: readonly { readonly index: number; readonly attribute: ServedAttribute }[],
  samples: (Sample | undefined)[],
  call: Call,
): Awaitable<void> {
  return device.turns.run(() => {
    const found = readDevice(
      device,
      fromDevice.map(({ attribute }) => attribute),
      call,
    );
    return andThen(found, (read) => {
      for (const [place, { index }] of fromDevice.entries()) samples[index] = read[place];
    });
  });
}

const unknown = (device: ServedDevice, name: string): Sample => ({
  name,
  type: undefined,
  format: "FMT_UNKNOWN",
  quality: "ATTR_INVALID",
  time: device.now(),
  errors: attributeNotFound(name).errors,
});

/** The last polled value, when the client wants it and there is a good one; undefined: read the device. */
function cached(device: ServedDevice, attribute: ServedAttribute, source: DevSource): Sample | undefined {
  if (source === "DEV") return undefined;
  const polled = device.polling.find("attribute", attribute.name) ?? polledCommand(device, attribute);
  if (!polled) return source === "CACHE" ? attribute.failed(notPolled("Attribute", attribute.name)) : undefined;
  try {
    return polled.cached(performance.now(), device.polling.oldFactor).sample;
  } catch (error) {
    return source === "CACHE" ? attribute.failed(error) : undefined;
  }
}

const polledCommand = (device: ServedDevice, { key }: ServedAttribute) =>
  key === "state" || key === "status" ? device.polling.find("command", key) : undefined;

export const notPolled = (what: "Attribute" | "Command", name: string) =>
  devFailed(
    what === "Attribute" ? "API_AttrNotPolled" : "API_CmdNotPolled",
    `${what} ${name} not polled`,
    "Device_3Impl::read_attributes_from_cache",
  );

/** Reads the hardware. The caller has the device's turn. */
export function readDevice(
  device: ServedDevice,
  attributes: readonly ServedAttribute[],
  call: Call,
): Awaitable<readonly Sample[]> {
  const { beforeRead } = device.hooks;
  if (!beforeRead) return readEach(device, attributes, call);
  const failed = attempt(
    () =>
      beforeRead.call(
        device.hooks,
        attributes.map(({ name }) => name),
        call,
      ),
    () => undefined,
    (error) => asDevFailed(error, `${device.className}.beforeRead`),
  );
  return andThen(failed, (failure) =>
    failure ? attributes.map((attribute) => attribute.failed(failure)) : readEach(device, attributes, call),
  );
}

const NONE: ReadonlySet<ServedAttribute> = new Set();

/** State and Status last: their algorithm looks at what the others gave. */
function readEach(
  device: ServedDevice,
  attributes: readonly ServedAttribute[],
  call: Call,
): Awaitable<readonly Sample[]> {
  const [only] = attributes;
  if (only && attributes.length === 1) return andThen(readOne(device, only, NONE, call), (sample) => [sample]);
  const samples: Sample[] = new Array(attributes.length);
  const read = new Set<ServedAttribute>();
  const [plain, standard] = [[], []] as [number[], number[]];
  for (const [index, { key }] of attributes.entries())
    (key === "state" || key === "status" ? standard : plain).push(index);
  const done = inTurn([...plain, ...standard], (index) => {
    const attribute = attributes[index] as ServedAttribute;
    return andThen(readOne(device, attribute, read, call), (sample) => {
      samples[index] = sample;
      read.add(attribute);
    });
  });
  return andThen(done, () => samples);
}

function readOne(
  device: ServedDevice,
  attribute: ServedAttribute,
  read: ReadonlySet<ServedAttribute>,
  call: Call,
): Awaitable<Sample> {
  if (attribute.key !== "state" && attribute.key !== "status") return attribute.read(call);
  const { condition } = device;
  return attempt<string, Sample>(
    () => (attribute.isState ? condition.currentState(call, read) : condition.currentStatus(call, read)),
    (value) => attribute.sample(value),
    (error) => attribute.failed(error),
  );
}
