// SPDX-License-Identifier: MIT
// What a device needs of the server that holds it.
import type { InterfaceDefinition } from "../../interface.ts";
import type { ServableClass } from "../class.ts";
import type { Clock } from "../clock.ts";
import type { ClassRecord, ServerDatabase } from "../database/port.ts";
import type { EventSupplier } from "../events/supplier.ts";
import type { Log } from "../types.ts";
import type { ServedDevice } from "./device.ts";
import type { Turns } from "./monitor.ts";

/** A class as this server runs it. */
export interface ServedClass extends ServableClass {
  readonly definition: InterfaceDefinition;
  record: ClassRecord;
  /** Commands anybody may execute on a locked device, lower case. */
  readonly allowedCommands: ReadonlySet<string>;
}

export interface DeviceServer {
  /** Server/instance. */
  readonly name: string;
  readonly clock: Clock;
  readonly database: ServerDatabase;
  readonly events: EventSupplier;
  turnsFor(device: ServedDevice): Turns;
  logFor(device: ServedDevice): Log;
  device(name: string): ServedDevice | undefined;
  /** The object given to the class's open function. */
  apiFor(device: ServedDevice, properties: Readonly<Record<string, unknown>>): object;
  stateChanged(device: ServedDevice): void;
  /** Compares the interface with the last one sent, shortly, and sends the event if it differs. */
  interfaceMayHaveChanged(device: ServedDevice, started: boolean): void;
}
