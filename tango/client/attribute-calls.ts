// SPDX-License-Identifier: MIT
// Reading and writing a device's attributes, whatever version of the interface it speaks.
import { devFailed } from "../errors.ts";
import type { AttributeReading, ReadValue } from "./attribute-reading.ts";
import { readingOf } from "./attribute-reading.ts";
import { refusedValue, writeValue } from "./attribute-writing.ts";
import { callee } from "./callee.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions, Live } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import type { WriteValue } from "./dialect/write.ts";
import type { Deed } from "./failures.ts";
import { deeds } from "./failures.ts";

/** Values by attribute. */
export type NamedValues = Readonly<Record<string, unknown>>;

/** @throws DevFailed when it cannot be read. */
export function readOne(link: DeviceLink, name: string, options?: CallOptions): Promise<AttributeReading> {
  const deed = deeds.read(name);
  return link.run(deed, options, async (live, limits) => only(await readings(link, live, [name], limits), name, deed));
}

/** One that fails has `error` and no value. @throws DevFailed when the call as a whole fails. */
export async function readMany(
  link: DeviceLink,
  names: readonly string[],
  options?: CallOptions,
): Promise<readonly AttributeReading[]> {
  const deed = deeds.reads(names);
  const found = await link.run(deed, options, (live, limits) => readings(link, live, names, limits));
  return found.map((each) => explained(each, link.name, deed));
}

/** @throws DevFailed */
export const writeOne = (link: DeviceLink, name: string, value: unknown, options?: CallOptions): Promise<void> =>
  write(link, deeds.write(name), { [name]: value }, options);

/** @throws MultiDevFailed naming those that were refused; DevFailed when the call as a whole fails. */
export const writeMany = (link: DeviceLink, values: NamedValues, options?: CallOptions): Promise<void> =>
  write(link, deeds.writes(Object.keys(values)), values, options);

/** Writes one and reads one, with nothing of another client in between. @throws DevFailed */
export function writeThenRead(
  link: DeviceLink,
  name: string,
  value: unknown,
  read: string,
  options?: CallOptions,
): Promise<AttributeReading> {
  const deed = deeds.writeRead(name);
  return link.run(deed, options, async (live, limits) =>
    only(await writtenAndRead(link, live, { [name]: value }, [read], limits), read, deed),
  );
}

/** Writes several and reads several by one call. One that cannot be read has `error`. @throws MultiDevFailed, DevFailed */
export async function writeThenReadMany(
  link: DeviceLink,
  values: NamedValues,
  names: readonly string[],
  options?: CallOptions,
): Promise<readonly AttributeReading[]> {
  const deed = deeds.writeReads(Object.keys(values));
  const found = await link.run(deed, options, (live, limits) => writtenAndRead(link, live, values, names, limits));
  return found.map((each) => explained(each, link.name, deed));
}

async function writtenAndRead(
  link: DeviceLink,
  live: Live,
  values: NamedValues,
  names: readonly string[],
  limits: CallOptions,
): Promise<readonly AttributeReading[]> {
  const written = Object.keys(values);
  const wire = await encoded(link, live, values, limits);
  const { writeReadAttributes } = dialects[live.version];
  return (await refusing(link, written, () => writeReadAttributes(callee(live, limits), wire, names))).map(asReading);
}

const write = (link: DeviceLink, deed: Deed, values: NamedValues, options?: CallOptions): Promise<void> =>
  link.run(deed, options, async (live, limits) => {
    const wire = await encoded(link, live, values, limits);
    const { writeAttributes } = dialects[live.version];
    await refusing(link, Object.keys(values), () => writeAttributes(callee(live, limits), wire));
  });

const encoded = (link: DeviceLink, live: Live, values: NamedValues, limits: CallOptions): Promise<WriteValue[]> =>
  Promise.all(
    Object.entries(values).map(async ([name, value]) =>
      writeValue(link.name, name, await link.members.attribute(live, name, limits), value),
    ),
  );

async function readings(
  { members, source }: DeviceLink,
  live: Live,
  names: readonly string[],
  limits: CallOptions,
): Promise<readonly AttributeReading[]> {
  const { version } = live;
  const values = await dialects[version].readAttributes(callee(live, limits, source), names);
  if (version >= 4) return values.map(asReading);
  // Before IDL 4 a value does not say whether it is a scalar, a spectrum or an image.
  return Promise.all(
    values.map(async (value) =>
      readingOf(value, value.errors.length > 0 ? undefined : await members.attribute(live, value.name, limits)),
    ),
  );
}

const asReading = (value: ReadValue): AttributeReading => readingOf(value);

function only([found]: readonly AttributeReading[], name: string, { origin }: Deed): AttributeReading {
  if (!found) throw devFailed("API_AttrNotFound", `${name} attribute not found`, origin);
  if (found.error) throw found.error;
  return found;
}

/** A failed reading with the level that says which device and call it was of. */
function explained(reading: AttributeReading, device: string, { reason, verb, origin }: Deed): AttributeReading {
  if (!reading.error || !reason) return reading;
  const text = `Failed to ${verb} on device ${device}, attribute ${reading.name}`;
  return { ...reading, error: reading.error.within(reason, text, origin) };
}

/** A value no codec takes is the caller's mistake, named. */
async function refusing<T>(link: DeviceLink, names: readonly string[], send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const where = `attribute ${names.join(", ")} of device ${link.name}`;
    throw refusedValue(error, where, "API_IncompatibleAttrArgumentType", "DeviceProxy::write_attribute()");
  }
}
