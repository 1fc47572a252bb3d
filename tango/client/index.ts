// SPDX-License-Identifier: MIT
// The Tango client: connect to devices, read, write, call, listen.
export type { AccessRight } from "./access-control.ts";
export { AttributeProxy } from "./attribute-proxy.ts";
export type { AttributeReading, Format, Quality } from "./attribute-reading.ts";
export type { ConnectOptions } from "./connect.ts";
export { connect, connectAttribute } from "./connect.ts";
export type { ControlSystemOptions } from "./control-system.ts";
export { ControlSystem, controlSystem } from "./control-system.ts";
export { DeviceProxy } from "./device-proxy.ts";
export type { CallOptions } from "./device-route.ts";
export type { CommandInfo } from "./dialect/command-info.ts";
export type { AttributeConfig, AttributeSettings } from "./dialect/config.ts";
export type { DeviceDescription } from "./dialect/info.ts";
export type { TangoEnvironment } from "./environment.ts";
export { tangoEnvironment } from "./environment.ts";
export type {
  AttributeEvent, ConfigEvent, DataReadyEvent, EventHead, InterfaceEvent, PipeEvent, ValueEventName,
} from "./events/kinds-table.ts"; // biome-ignore format: a list
export type { EventStream, Overflow, StreamOptions } from "./events/stream.ts";
export type { EventOptions } from "./events/subscription.ts";
export type { GroupOptions, GroupResult } from "./group.ts";
export { DeviceGroup, group } from "./group.ts";
export type { CommandReading } from "./histories.ts";
export type { DeviceLock, LockOptions, LockStatus } from "./locking.ts";
export type { LogLevel } from "./logging.ts";
export type { PipeDescription, PipeReading, PipeSettings } from "./pipes.ts";
export type { PolledKind, PolledMember } from "./polling.ts";
export type { ProxyOptions } from "./remote-device.ts";
export type { HostPort, TangoHost, Trl } from "./trl.ts";
export { parseAttributeTrl, parseTangoHost, parseTrl } from "./trl.ts";
export type { Untyped } from "./typed.ts";
