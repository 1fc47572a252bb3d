// SPDX-License-Identifier: MIT
// The services of a control system: devices that others find by what they do, e.g. AccessControl. They are lines of the
// property Services of the object CtrlSystem: `service/instance:device`.
import type { DatabaseCallOptions } from "./caller.ts";
import type { PropertyStore } from "./properties.ts";

export interface Service {
  /** E.g. `AccessControl`. */
  readonly name: string;
  /** Tells several of a kind apart, e.g. `tango`. */
  readonly instance: string;
  readonly device: string;
}

const PROPERTY = "Services";
const lineOf = ({ name, instance, device }: Service): string => `${name}/${instance}:${device}`;
const isSame = (one: Omit<Service, "device">, other: Omit<Service, "device">): boolean =>
  one.name.toLowerCase() === other.name.toLowerCase() && one.instance.toLowerCase() === other.instance.toLowerCase();

/** `store` is that of CtrlSystem. Lines that are no services are left alone, and not shown. */
export async function readServices(store: PropertyStore, options?: DatabaseCallOptions): Promise<readonly Service[]> {
  return (await lines(store, options)).flatMap((line) => parsed(line) ?? []);
}

/** Replaces the one of that name and instance. */
export async function writeService(
  store: PropertyStore,
  service: Service,
  options?: DatabaseCallOptions,
): Promise<void> {
  const others = await without(store, service, options);
  await store.write({ [PROPERTY]: [...others, lineOf(service)] }, options);
}

export async function deleteService(
  store: PropertyStore,
  service: Omit<Service, "device">,
  options?: DatabaseCallOptions,
): Promise<void> {
  const others = await without(store, service, options);
  if (others.length > 0) await store.write({ [PROPERTY]: others }, options);
  else await store.delete([PROPERTY], options);
}

const lines = async (store: PropertyStore, options?: DatabaseCallOptions): Promise<readonly string[]> =>
  (await store.read([PROPERTY], options)).values().next().value ?? [];

async function without(
  store: PropertyStore,
  service: Omit<Service, "device">,
  options?: DatabaseCallOptions,
): Promise<readonly string[]> {
  return (await lines(store, options)).filter((line) => {
    const other = parsed(line);
    return !other || !isSame(other, service);
  });
}

function parsed(line: string): Service | undefined {
  const [, name, instance, device] = /^\s*([^/]+)\/([^:]+):(.+?)\s*$/.exec(line) ?? [];
  return name && instance && device ? { name, instance, device } : undefined;
}
