// SPDX-License-Identifier: MIT
// What is polled of one device, and the properties that say so.
import { type DevFailed, devFailed } from "../../errors.ts";
import type { PropertyRows } from "../database/port.ts";
import { type PolledKind, PolledObject } from "./polled.ts";

/** Milliseconds below which no period may be. */
const MIN_PERIOD = 5;
const DEFAULT_DEPTH = 10;
const DEFAULT_OLD_FACTOR = 4;

/** `name, value, name, value...` with the names in lower case. */
function pairs(rows: readonly string[] | undefined): Map<string, number> {
  const found = new Map<string, number>();
  for (let index = 0; index + 1 < (rows?.length ?? 0); index += 2) {
    found.set(rows?.[index]?.toLowerCase() ?? "", Number(rows?.[index + 1]));
  }
  return found;
}

export class DevicePolling {
  readonly #device: string;
  readonly #rows: PropertyRows;
  #objects: PolledObject[] = [];

  constructor(device: string, rows: PropertyRows) {
    this.#device = device;
    this.#rows = rows;
  }

  get objects(): readonly PolledObject[] {
    return this.#objects;
  }
  /** A reading older than so many periods is too old for a client. */
  get oldFactor(): number {
    return Number(this.#rows.poll_old_factor?.[0] ?? DEFAULT_OLD_FACTOR);
  }

  find(kind: PolledKind, name: string): PolledObject | undefined {
    const key = name.toLowerCase();
    return this.#objects.find((object) => object.kind === kind && object.key === key);
  }

  /** @throws DevFailed naming it when it is not polled. */
  get(kind: PolledKind, name: string): PolledObject {
    if (this.#objects.length === 0) {
      throw devFailed("API_DeviceNotPolled", `Device ${this.#device} is not polled`, "DServer::rem_obj_polling");
    }
    const found = this.find(kind, name);
    if (found) return found;
    const problem = `${name} not found in list of polled object`;
    throw devFailed("API_PollObjNotFound", problem, "DeviceImpl::get_polled_obj_by_type_name");
  }

  /** @throws DevFailed when the period is below what Tango, or the device's properties, allow. */
  checkPeriod(kind: PolledKind, name: string, period: number): void {
    if (period === 0) return;
    if (period < MIN_PERIOD) {
      const problem = `${period} is below the min authorized period (${MIN_PERIOD} mS)`;
      throw devFailed("API_NotSupported", problem, "DServer::add_obj_polling");
    }
    const key = name.toLowerCase();
    const own = pairs(this.#rows[kind === "attribute" ? "attr_min_poll_period" : "cmd_min_poll_period"]).get(key);
    const least = own ?? Number(this.#rows.min_poll_period?.[0] ?? 0);
    if (period >= least) return;
    const problem = `Polling period for ${kind} ${kind === "command" ? key : name} is below the min authorized (${least})`;
    throw devFailed("API_MethodArgument", problem, "DServer::check_upd_authorized");
  }

  add(kind: PolledKind, name: string, period: number): PolledObject {
    if (this.find(kind, name)) throw this.#alreadyPolled(kind, name);
    this.checkPeriod(kind, name, period);
    const object = new PolledObject(kind, name, period, this.#depth(kind, name));
    // Commands come first, as clients are used to see them.
    if (kind === "command")
      this.#objects.splice(this.#objects.filter((one) => one.kind === "command").length, 0, object);
    else this.#objects.push(object);
    return object;
  }

  #alreadyPolled(kind: PolledKind, name: string): DevFailed {
    const what = kind === "attribute" ? "Attribute" : "Command";
    return devFailed("API_AlreadyPolled", `${what} ${name} already polled`, "DServer::add_obj_polling");
  }

  #depth(kind: PolledKind, name: string): number {
    const own = pairs(this.#rows[kind === "attribute" ? "attr_poll_ring_depth" : "cmd_poll_ring_depth"]);
    return own.get(name.toLowerCase()) ?? Number(this.#rows.poll_ring_depth?.[0] ?? DEFAULT_DEPTH);
  }

  remove(object: PolledObject): void {
    this.#objects = this.#objects.filter((other) => other !== object);
  }

  /** The properties as they should be in the database: polled_attr (State and Status too) and polled_cmd. */
  get properties(): { readonly polled_attr: readonly string[]; readonly polled_cmd: readonly string[] } {
    const rows = (objects: readonly PolledObject[]) => objects.flatMap(({ key, period }) => [key, String(period)]);
    const asAttributes = this.#objects.filter((object) => object.isReading);
    return { polled_attr: rows(asAttributes), polled_cmd: rows(this.#objects.filter((object) => !object.isReading)) };
  }

  /** What the properties, and the code's defaults, say is polled at start. */
  configured(defaults: readonly { readonly kind: PolledKind; readonly name: string; readonly period: number }[]) {
    const stored = [
      ...[...pairs(this.#rows.polled_attr)].map(([name, period]) => ({ kind: "attribute" as const, name, period })),
      ...[...pairs(this.#rows.polled_cmd)].map(([name, period]) => ({ kind: "command" as const, name, period })),
    ];
    const declined = (kind: PolledKind, name: string) =>
      this.#rows[kind === "attribute" ? "non_auto_polled_attr" : "non_auto_polled_cmd"]?.some(
        (other) => other.toLowerCase() === name.toLowerCase(),
      );
    const automatic = defaults.filter(
      ({ kind, name }) =>
        !declined(kind, name) && !stored.some((one) => one.kind === kind && one.name === name.toLowerCase()),
    );
    return [...stored, ...automatic];
  }
}
