// SPDX-License-Identifier: MIT
// A Tango device server in this process: its devices, its admin device, and what they share.
import { Buffer } from "node:buffer";
import { hostname } from "node:os";
import type { ControlSystem } from "../client/index.ts";
import { GiopServer as Giop, type GiopServer } from "../giop/index.ts";
import { objectAdapter } from "./adapter.ts";
import { adminClass } from "./admin/admin.ts";
import type { AdminHost } from "./admin/host.ts";
import { Clock } from "./clock.ts";
import type { ClassRecord, DeviceRecord, ServerDatabase, ServerRecord } from "./database/port.ts";
import { DeviceApi } from "./device/api.ts";
import { ServedDevice } from "./device/device.ts";
import type { ServedClass } from "./device/host.ts";
import { Monitor, noTurns, type SerialModel, type Turns } from "./device/monitor.ts";
import { propertyValues } from "./device/properties.ts";
import { type Advertised, freshKeys, type KeyMaker, namedKeys, referencesTo } from "./endpoint.ts";
import { afterPoll, push } from "./events/emit.ts";
import { sparing } from "./events/sparing.ts";
import { EventSupplier } from "./events/supplier.ts";
import { hostNames } from "./host-names.ts";
import { InterfaceWatch } from "./interface-change.ts";
import { Logging } from "./logging/logging.ts";
import { sendConfig } from "./operations/configs.ts";
import { IDL_VERSION } from "./operations/information.ts";
import type { ServerParts } from "./parts.ts";
import { defaultPolling } from "./polling/default-polling.ts";
import type { PolledObject } from "./polling/polled.ts";
import { Poller } from "./polling/poller.ts";
import { logExporter } from "./telemetry/log-export.ts";
import { TelemetrySettings } from "./telemetry/settings.ts";
import type { Log } from "./types.ts";

const latin1 = (key: Uint8Array) => Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
const allowedOf = (record: ClassRecord) =>
  new Set((record.properties.AllowedAccessCmd ?? []).map((name) => name.toLowerCase()));

export class TangoServer implements AdminHost, AsyncDisposable {
  readonly name: string;
  readonly clock = new Clock();
  readonly database: ServerDatabase;
  readonly telemetry: TelemetrySettings;
  readonly logging: Logging;
  #logExporter: ReturnType<typeof logExporter> | undefined;
  readonly poller: Poller;
  readonly hostNames = hostNames();
  readonly forwardedRoots = new Map<string, string>();
  /** Resolves when the server has been told to end (Kill). */
  readonly killed: Promise<void>;
  readonly kill: () => void;
  readonly #parts: ServerParts;
  readonly #keys: KeyMaker;
  #references: ReturnType<typeof referencesTo> | undefined;
  /** Devices by key bytes, and by name. */
  readonly #objects = new Map<string, ServedDevice>();
  readonly #byName = new Map<string, ServedDevice>();
  readonly #monitors = new Map<string, Monitor>();
  #devices: ServedDevice[] = [];
  #classes: ServedClass[] = [];
  #admin: ServedDevice | undefined;
  #giop: GiopServer | undefined;
  #local: GiopServer | undefined;
  #events: EventSupplier | undefined;
  #watch: InterfaceWatch | undefined;
  #isClosing = false;
  #isExported = false;

  constructor(parts: ServerParts) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.killed = promise;
    this.kill = resolve;
    this.#parts = parts;
    this.name = parts.server;
    this.database = parts.database;
    this.telemetry = new TelemetrySettings(parts.telemetry);
    this.#keys = parts.database.kind === "tango" ? freshKeys() : namedKeys;
    this.logging = new Logging({
      server: parts.server,
      now: () => this.clock.now(),
      write: parts.write,
      onMessage: (message) => {
        if (!this.telemetry.logs(message.device.toLowerCase())) return;
        this.#logExporter ??= logExporter(this.name);
        this.#logExporter(message);
      },
      consumer: parts.consumer,
      ...parts.logging,
    });
    this.poller = new Poller({
      onSample: (device, attribute, sample) => afterPoll(this.events, device, attribute, sample),
    });
  }

  get devices(): readonly ServedDevice[] {
    return this.#devices;
  }
  get classes(): readonly ServedClass[] {
    return this.#classes;
  }
  get admin(): ServedDevice {
    return present(this.#admin);
  }
  get events(): EventSupplier {
    return present(this.#events);
  }
  /** Where clients connect. */
  get advertised(): Advertised {
    const { host, address } = this.#parts;
    const endpoint = present(this.#giop).endpoint;
    const port = "port" in endpoint ? endpoint.port : 0;
    const local = this.#local?.endpoint;
    const listened = "host" in address && address.host ? address.host : host;
    return {
      host: listened,
      port,
      ...(local && "path" in local && { local: { hostname: hostname(), path: local.path } }),
    };
  }
  get #adminKey(): string {
    return `dserver/${this.name}`.toLowerCase();
  }
  get adminName(): string {
    return `dserver/${this.name}`;
  }

  device(name: string): ServedDevice | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  // ---- what devices ask for
  system(): ControlSystem {
    return this.#parts.system();
  }
  poll(device: ServedDevice, object: PolledObject): void {
    this.poller
      .poll(device, (candidate) => candidate === object)
      .catch((error: unknown) => this.report(device, `polling ${object.name}: ${String(error)}`));
  }
  turnsFor(device: ServedDevice): Turns {
    const model: SerialModel = device.className === "DServer" ? "NO_SYNC" : this.#parts.serialModel;
    const name = { BY_DEVICE: device.name, BY_CLASS: device.className, BY_PROCESS: this.name, NO_SYNC: "" }[model];
    if (!name) return noTurns;
    const shared = this.#monitors.get(name);
    if (shared && model !== "BY_DEVICE") return shared;
    const monitor = new Monitor(name);
    this.#monitors.set(name, monitor);
    return monitor;
  }
  logFor(device: ServedDevice): Log {
    return this.logging.of(device.name, device.className === "DServer");
  }
  report(device: ServedDevice, problem: string): void {
    this.#parts.write(`${device.name}: ${problem}\n`);
  }
  apiFor(device: ServedDevice): DeviceApi {
    const { definition, record } = device.class;
    const own = propertyValues(device.name, definition.properties ?? {}, device.record.properties, record.properties);
    const ofClass = propertyValues(`class ${definition.name}`, definition.classProperties ?? {}, record.properties);
    return new DeviceApi(device, own, ofClass);
  }
  stateChanged(device: ServedDevice): void {
    const attribute = device.attribute("State");
    if (!attribute || !this.#events?.wants(device.key, "state")) return;
    push(this.events, device, attribute, "change", attribute.sample(device.condition.state));
  }
  interfaceMayHaveChanged(device: ServedDevice, started: boolean): void {
    this.#watch?.check(device, started);
  }

  // ---- life
  async start(): Promise<this> {
    const { transport, address, localTransport, localAddress } = this.#parts;
    const adapter = objectAdapter({ find: (key) => this.#objects.get(latin1(key)) });
    const onError = (error: unknown) =>
      this.#parts.write(`${this.name}: ${error instanceof Error ? error.stack : String(error)}\n`);
    this.#giop = await Giop.listen(transport, address, adapter, { onError });
    if (localTransport && localAddress)
      this.#local = await Giop.listen(localTransport, localAddress, adapter, { onError });
    const record = await this.database.load(this.name, hostname());
    await this.#parts.checkRunning?.(record);
    this.#events = await EventSupplier.open(this.#supplierOptions());
    this.#watch = new InterfaceWatch(this.#events);
    this.#makeAdmin(record);
    await this.#makeDevices(record);
    await this.#export();
    return this;
  }

  #supplierOptions() {
    const { host, port } = this.advertised;
    const place = this.database.host ?? `${host}:${port}`;
    return {
      ...this.#parts.events,
      prefix: `tango://${place}/`,
      suffix: this.database.kind === "tango" ? "" : "#dbase=no",
      admin: this.#adminKey,
      onDropped: (count: number) =>
        this.#parts.write(`${this.name}: ${count} events dropped: they were pushed faster than they could be sent\n`),
      onStalled: sparing((times) => {
        const often = times > 1 ? ` (${times} times)` : "";
        this.#parts.write(
          `${this.name}: a subscriber does not read its events, and misses some until it does${often}\n`,
        );
      }),
    };
  }

  #makeAdmin(record: ServerRecord): void {
    const served: ServedClass = {
      ...adminClass(this),
      record: { name: "DServer", properties: record.adminClass, attributes: {}, pipes: {}, devices: [] },
      allowedCommands: new Set(),
      sharedSettings: new WeakMap(),
    };
    this.#admin = new ServedDevice(this, served, {
      name: this.adminName,
      properties: record.admin,
      attributes: {},
      pipes: {},
    });
  }

  async #makeDevices(record: ServerRecord): Promise<void> {
    this.#classes = this.#parts.classes.map((served): ServedClass => {
      const found = record.classes.find(({ name }) => name.toLowerCase() === served.definition.name.toLowerCase());
      const own: ClassRecord = found ?? {
        name: served.definition.name,
        properties: {},
        attributes: {},
        pipes: {},
        devices: [],
      };
      return { ...served, record: own, allowedCommands: allowedOf(own), sharedSettings: new WeakMap() };
    });
    this.#devices = this.#classes.flatMap((served) =>
      served.record.devices.map((device) => new ServedDevice(this, served, device)),
    );
    for (const device of this.#devices) this.#byName.set(device.key, device);
    this.#byName.set(this.#adminKey, this.admin);
    await this.admin.open();
    await this.logging.configure(this.admin.name, record.admin);
    for (const device of this.#devices) await this.#openDevice(device);
    await Promise.all(this.#devices.map(({ forwarding }) => forwarding.open()));
    for (const device of this.#devices) if (device.definition.forwarded) this.#watch?.remember(device);
    // Clients may come in when everything is there.
    for (const device of [...this.#devices, this.admin]) this.#objects.set(latin1(this.#keys(device.name)), device);
    for (const [key, name] of Object.entries(this.#parts.objectKeys)) {
      const device = this.device(name);
      if (device) this.#objects.set(key, device);
    }
  }

  async #openDevice(device: ServedDevice): Promise<void> {
    await this.logging.configure(device.name, device.record.properties);
    await device.open();
    this.#watch?.remember(device);
    for (const { kind, name, period } of device.polling.configured(defaultPolling(device))) {
      const known = kind === "attribute" ? device.attribute(name)?.name : device.commands.get(name.toLowerCase())?.name;
      if (known) device.polling.add(kind, known, period);
      else this.report(device, `${kind} ${name} cannot be polled: the device has none of this name`);
    }
    this.poller.follow(device);
  }

  async #export(): Promise<void> {
    const host = hostname().split(".")[0] ?? "";
    const exports = [...this.#devices, this.admin].map(({ name }) => ({
      name,
      ior: this.ior(name),
      host,
      pid: process.pid,
      version: String(IDL_VERSION),
    }));
    this.#isExported = true;
    await this.database.exportDevices(exports);
  }

  /** The reference of a device, as text. */
  ior(name: string): string {
    this.#references ??= referencesTo(this.advertised);
    return this.#references(this.#keys(name));
  }

  async restartDevice(device: ServedDevice): Promise<void> {
    await this.#closeDevice(device);
    const record = await this.database.load(this.name, hostname());
    const found = record.classes
      .flatMap(({ devices }) => devices)
      .find(({ name }) => name.toLowerCase() === device.key);
    // Whoever has locked the device has it still.
    const again = new ServedDevice(this, device.class, found ?? withoutMembers(device.record), device.lock);
    this.#replace(device, again);
    await this.#openDevice(again);
    await again.forwarding.open();
    for (const attribute of again.attributes.values()) sendConfig(again, attribute);
    this.events.forget(again.key);
    this.interfaceMayHaveChanged(again, true);
  }

  #replace(device: ServedDevice, again: ServedDevice): void {
    this.#devices[this.#devices.indexOf(device)] = again;
    this.#byName.set(device.key, again);
    for (const [key, one] of this.#objects) if (one === device) this.#objects.set(key, again);
  }

  async restart(): Promise<void> {
    const before = [...this.#devices];
    for (const device of before.toReversed()) await this.#closeDevice(device);
    for (const device of before) this.#byName.delete(device.key);
    for (const [key, device] of this.#objects) if (device !== this.#admin) this.#objects.delete(key);
    await this.#makeDevices(await this.database.load(this.name, hostname()));
    for (const device of this.#devices) {
      this.events.forget(device.key);
      this.interfaceMayHaveChanged(device, true);
    }
    await this.#export();
  }

  async #closeDevice(device: ServedDevice): Promise<void> {
    this.poller.forget(device);
    await device.forwarding[Symbol.asyncDispose]();
    await device.close();
    await this.logging.forget(device.name);
  }

  /** Closes the devices, tells the database, says goodbye to the clients. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.kill();
    this.poller[Symbol.dispose]();
    this.#watch?.[Symbol.dispose]();
    for (const device of this.#devices.toReversed()) await this.#closeDevice(device);
    await this.#admin?.close();
    if (this.#isExported)
      await this.database
        .unexportServer(this.name)
        .catch((error: unknown) => this.#parts.write(`${this.name}: ${String(error)}\n`));
    await this.#local?.[Symbol.asyncDispose]();
    await this.#giop?.[Symbol.asyncDispose]();
    await this.#events?.[Symbol.asyncDispose]();
    await this.logging[Symbol.asyncDispose]();
    await this.#parts.release();
  }
}

const withoutMembers = ({ name, properties }: DeviceRecord): DeviceRecord => ({
  name,
  properties,
  attributes: {},
  pipes: {},
});

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the server has not started");
  return value;
}
