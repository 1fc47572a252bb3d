// SPDX-License-Identifier: MIT
import type { InterfaceDefinition } from "../interface.ts";
import type { ControlSystem, ControlSystemOptions } from "./control-system.ts";
import { controlSystem } from "./control-system.ts";
import type { ProxyOptions } from "./device-proxy.ts";
import { DeviceProxy } from "./device-proxy.ts";
import { parseTrl } from "./trl.ts";
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
  const trl = parseTrl(typed ? (second as string) : first);
  await using stack = new AsyncDisposableStack();
  const system = options.system ?? stack.use(controlSystem(options));
  const route = system.route(trl);
  if (!options.lazy) await route.connect(options);
  const owned = options.system ? undefined : stack.move();
  return new DeviceProxy({ system, route, trl, definition: typed ? first : undefined, options, owned });
}
