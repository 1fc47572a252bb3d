// SPDX-License-Identifier: MIT
// What a device needs of the server that holds it.
import type { ControlSystem } from "../../client/index.ts";
import type { InterfaceDefinition } from "../../interface.ts";
import type { SharedSettings } from "../attribute/settings.ts";
import type { ServableClass } from "../class.ts";
import type { Clock } from "../clock.ts";
import type { ClassRecord, ServerDatabase } from "../database/port.ts";
import type { EventSupplier } from "../events/supplier.ts";
import type { PolledObject } from "../polling/polled.ts";
import type { TelemetrySettings } from "../telemetry/settings.ts";
import type { Device, Log } from "../types.ts";
import type { ServedDevice } from "./device.ts";
import type { Turns } from "./monitor.ts";

/** A class as this server runs it. */
export interface ServedClass extends ServableClass {
  readonly definition: InterfaceDefinition;
  record: ClassRecord;
  /** Commands anybody may execute on a locked device, lower case. */
  readonly allowedCommands: ReadonlySet<string>;
  readonly sharedSettings: SharedSettings;
}

export interface DeviceServer {
  /** Server/instance. */
  readonly name: string;
  readonly clock: Clock;
  readonly database: ServerDatabase;
  readonly events: EventSupplier;
  readonly telemetry: TelemetrySettings;
  /** Which forwarded attribute of the server stands for a root, by the root's text. */
  readonly forwardedRoots: Map<string, string>;
  /** Where devices of other servers are found. */
  system(): ControlSystem;
  /** Of the admin device, as devices tell it to clients. */
  readonly adminName: string;
  /** The name of a host by its address, for texts. */
  readonly hostNames: (address: string) => Promise<string>;
  /** Reads a polled object now, or as soon as it is the device's turn. */
  poll(device: ServedDevice, object: PolledObject): void;
  turnsFor(device: ServedDevice): Turns;
  logFor(device: ServedDevice): Log;
  /** Tells whoever runs the server of trouble, whatever the log levels are. */
  report(device: ServedDevice, problem: string): void;
  device(name: string): ServedDevice | undefined;
  /** The object given to the class's open function. @throws TypeError when a property is missing or wrong. */
  apiFor(device: ServedDevice): Device;
  stateChanged(device: ServedDevice): void;
  /** Compares the interface with the last one sent, shortly, and sends the event if it differs. */
  interfaceMayHaveChanged(device: ServedDevice, started: boolean): void;
}
