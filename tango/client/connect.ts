// SPDX-License-Identifier: MIT
// From names to devices, and to single attributes.
import { DevFailed, devFailed } from "../errors.ts";
import type { InterfaceDefinition } from "../interface.ts";
import { AttributeProxy } from "./attribute-proxy.ts";
import type { ControlSystem, ControlSystemOptions } from "./control-system.ts";
import { controlSystem } from "./control-system.ts";
import { DeviceProxy } from "./device-proxy.ts";
import type { ProxyOptions } from "./remote-device.ts";
import type { Trl } from "./trl.ts";
import { parseAttributeTrl, parseTrl } from "./trl.ts";
import type { Untyped } from "./typed.ts";

export interface ConnectOptions extends ProxyOptions, Omit<ControlSystemOptions, "connectTimeout" | "retryDelay"> {
  /** The control system whose database and connections are used; default: one of its own, released with the device. */
  readonly system?: ControlSystem | undefined;
  /** Resolve without any I/O: the first call connects. For devices that may not be up yet. */
  readonly lazy?: boolean | undefined;
  /** Aborts connecting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects to a device: `connect(motor, "id00/motor/roby")` with the types of an interface, `connect("dom/fam/mem")`
 * without. The name may be an alias, or a full locator (`tango://host:port/dom/fam/mem#dbase=no`).
 * @throws DevFailed: API_DeviceNotDefined, API_DeviceNotExported, API_CantConnectToDevice, API_CantConnectToDatabase...
 */
export function connect(trl: string, options?: ConnectOptions): Promise<DeviceProxy<Untyped>>;
export function connect<const I extends InterfaceDefinition>(
  definition: I,
  trl: string,
  options?: ConnectOptions,
): Promise<DeviceProxy<I>>;
export async function connect(
  first: string | InterfaceDefinition,
  second?: string | ConnectOptions,
  third?: ConnectOptions,
): Promise<unknown> {
  const typed = typeof first !== "string";
  const options = (typed ? third : (second as ConnectOptions)) ?? {};
  const text = typed ? (second as string) : first;
  const trl = parseTrl(text);
  if (trl.attribute !== undefined || trl.property !== undefined) throw notADevice(text);
  await using stack = new AsyncDisposableStack();
  const system = options.system ?? stack.use(controlSystem(options));
  return await reached(system, trl, options, { definition: typed ? first : undefined, owned: stack });
}

/**
 * Connects to one attribute: `connectAttribute("id00/motor/roby/Position")`, or by the attribute's alias.
 * @throws DevFailed as `connect` does; API_WrongAttributeNameSyntax, API_AliasNotDefined, API_UnsupportedAttribute.
 */
export async function connectAttribute<Value = unknown>(
  trl: string,
  options: ConnectOptions = {},
): Promise<AttributeProxy<Value>> {
  const parsed = parseAttributeTrl(trl);
  await using stack = new AsyncDisposableStack();
  const system = options.system ?? stack.use(controlSystem(options));
  const { attribute: name = "", ...place } = parsed.alias ? await aliased(system, parsed, options.signal) : parsed;
  const device = stack.use(await reached(system, place, options));
  if (!options.lazy) await known(device, name, options.signal);
  return new AttributeProxy<Value>({ device, name, owned: stack.move() });
}

async function reached(
  system: ControlSystem,
  trl: Trl,
  options: ConnectOptions,
  { definition, owned }: { definition?: InterfaceDefinition | undefined; owned?: AsyncDisposableStack } = {},
): Promise<DeviceProxy> {
  const route = system.route(trl);
  if (!options.lazy) await route.connect(options);
  return new DeviceProxy({ system, route, trl, definition, options, owned: owned?.move() });
}

const notADevice = (text: string): DevFailed =>
  devFailed(
    "API_WrongDeviceNameSyntax",
    `Wrong device name syntax (domain/family/member) in ${text}: for an attribute, connectAttribute`,
    "DeviceProxy::parse_name()",
  );

/** The attribute that has an alias, where the alias is known. */
async function aliased(system: ControlSystem, trl: Trl, signal: AbortSignal | undefined): Promise<Trl> {
  const { device: alias, host } = trl;
  try {
    const found = parseAttributeTrl(await system.database(host).attributeOfAlias(alias, { signal }));
    return { ...found, ...(host ? { host } : {}) };
  } catch (error) {
    if (!(error instanceof DevFailed)) throw error;
    const text = `Can't connect to attribute with alias ${alias}`;
    throw error.within("API_AliasNotDefined", text, "AttributeProxy::parse_name");
  }
}

async function known(device: DeviceProxy, name: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await device.attribute(name, { signal });
  } catch (error) {
    if (!(error instanceof DevFailed) || !error.is("API_AttrNotFound")) throw error;
    const text = `Attribute ${name} is not supported by device ${device.name}`;
    throw devFailed("API_UnsupportedAttribute", text, "AttributeProxy::real_constructor()");
  }
}
