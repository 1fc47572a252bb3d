// SPDX-License-Identifier: MIT
import type { ControlSystem } from "../client/index.ts";
import type { PublisherOptions } from "../events/index.ts";
import type { Address, PathAddress, Transport } from "../transport/index.ts";
import type { ServableClass } from "./class.ts";
import type { ServerDatabase, ServerRecord } from "./database/port.ts";
import type { SerialModel } from "./device/monitor.ts";
import type { LoggingOptions } from "./logging/logging.ts";

/** What a server is made of; startServer and serve put it together. */
export interface ServerParts {
  /** Server/instance. */
  readonly server: string;
  readonly classes: readonly ServableClass[];
  readonly database: ServerDatabase;
  readonly transport: Transport;
  readonly address: Address;
  /** The address told to clients when the server listens on every one. */
  readonly host: string;
  readonly localTransport?: Transport;
  readonly localAddress?: PathAddress;
  readonly serialModel: SerialModel;
  readonly events: PublisherOptions;
  readonly logging: Partial<LoggingOptions>;
  /** Where devices of other servers are found; made when first needed. */
  readonly system: () => ControlSystem;
  readonly consumer: LoggingOptions["consumer"];
  readonly write: (text: string) => void;
  /** Whether devices are traced without being told. */
  readonly telemetry: boolean;
  /** Further object keys of devices, by name: `database` of the database server. */
  readonly objectKeys: Readonly<Record<string, string>>;
  /** @throws when another process serves these devices already. */
  readonly checkRunning?: (record: ServerRecord) => Promise<void>;
  /** Releases what was opened for the server. */
  readonly release: () => Promise<void>;
}
