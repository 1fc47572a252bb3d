// SPDX-License-Identifier: MIT
// The Tango server: write a device class, serve it.
export type { ServableClass } from "./class.ts";
export { deviceClass } from "./class.ts";
export type { ServerArguments } from "./command-line.ts";
export type { DeviceInput, PropertyInput } from "./database/memory.ts";
export { MemoryDatabase, storeOf } from "./database/memory.ts";
export type { DeviceExport, ServerDatabase } from "./database/port.ts";
export type { SerialModel } from "./device/monitor.ts";
export type { ServeOptions } from "./serve.ts";
export { serve } from "./serve.ts";
export type { RunningServer, StartOptions } from "./start.ts";
export { startServer } from "./start.ts";
export type {
  Activity, AttributeHandler, Blob, Call, Caller, CommandHandler, Device, DeviceClass, DeviceHooks, Handlers, Log, Open,
  PipeElement, PipeHandler, PipeValue, Reading,
} from "./types.ts"; // biome-ignore format: a list
export { invalid, isReading, reading } from "./types.ts";
