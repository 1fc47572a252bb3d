// SPDX-License-Identifier: MIT
// The logs of a server's devices: a level and targets each.
import { mkdirSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { devFailed } from "../../errors.ts";
import type { PropertyRows } from "../database/port.ts";
import type { Log } from "../types.ts";
import { fileTarget } from "./file-target.ts";
import { type Level, levelNumber, parseLevel } from "./levels.ts";
import { consoleTarget, type LogMessage, type LogTarget } from "./target.ts";

export interface LoggingOptions {
  /** Server/instance. */
  readonly server: string;
  /** The level that `-v` asked for; it stands above every property. */
  readonly verbose?: Level;
  /** The admin device too: from -v5 on. */
  readonly isAdminVerbose?: boolean;
  /** TANGO_LOG_PATH. */
  readonly folder?: string;
  readonly now: () => number;
  readonly write: (line: string) => void;
  /** Gets every message, whatever the targets of its device are. */
  readonly onMessage?: (message: LogMessage) => void;
  /** Calls `Log` of a log consumer; rejects when it cannot be reached. */
  readonly consumer: (device: string) => Promise<(words: readonly string[]) => void>;
}

/** Kilobytes above which a file is begun again, and what may be asked for. */
const ROTATION = { default: 20_480, least: 500, most: 1_048_576 };

export class DeviceLogger implements Log {
  readonly device: string;
  level: Level;
  readonly targets = new Map<string, LogTarget>();
  rotation = ROTATION.default;
  readonly #logging: Logging;

  constructor(logging: Logging, device: string, level: Level) {
    this.#logging = logging;
    this.device = device;
    this.level = level;
  }

  debug(message: string): void {
    this.#log("DEBUG", message);
  }
  info(message: string): void {
    this.#log("INFO", message);
  }
  warn(message: string): void {
    this.#log("WARN", message);
  }
  error(message: string): void {
    this.#log("ERROR", message);
  }
  fatal(message: string): void {
    this.#log("FATAL", message);
  }

  #log(level: Level, text: string): void {
    if (this.#logging.isStopped || levelNumber(level) > levelNumber(this.level)) return;
    const message = { time: this.#logging.options.now(), level, device: this.device, text };
    this.#logging.options.onMessage?.(message);
    for (const target of this.targets.values()) this.#send(target, message);
  }

  /** A full disk is told of once and costs the log its file; the device works on. */
  #send(target: LogTarget, message: LogMessage): void {
    try {
      target.write(message);
    } catch (error) {
      this.targets.delete(target.name);
      const problem = error instanceof Error ? error.message : String(error);
      this.#logging.options.write(`${this.device}: logging to ${target.name} has ended: ${problem}\n`);
    }
  }
}

export class Logging implements AsyncDisposable {
  readonly options: LoggingOptions;
  readonly #loggers = new Map<string, DeviceLogger>();
  isStopped = false;

  constructor(options: LoggingOptions) {
    this.options = options;
  }

  get loggers(): readonly DeviceLogger[] {
    return [...this.#loggers.values()];
  }
  find(device: string): DeviceLogger | undefined {
    return this.#loggers.get(device.toLowerCase());
  }

  /** The logger of a device, made at first use: quiet unless `-v` or its properties say otherwise. */
  of(device: string, isAdmin = false): DeviceLogger {
    const key = device.toLowerCase();
    let logger = this.#loggers.get(key);
    if (!logger) {
      logger = new DeviceLogger(this, device, this.#initialLevel(isAdmin));
      const target = consoleTarget(this.options.write);
      if (this.options.verbose || isAdmin) logger.targets.set(target.name, target);
      this.#loggers.set(key, logger);
    }
    return logger;
  }

  /** Takes the logging properties of a device: logging_level, logging_target, logging_rft. */
  async configure(device: string, rows: PropertyRows): Promise<void> {
    const logger = this.of(device);
    const level = parseLevel(rows.logging_level?.[0] ?? "");
    if (level && !this.options.verbose) logger.level = level;
    const kilobytes = Number(rows.logging_rft?.[0] ?? ROTATION.default);
    logger.rotation = Math.min(Math.max(kilobytes, ROTATION.least), ROTATION.most);
    for (const target of rows.logging_target ?? []) {
      await this.add(logger, target, rows.logging_path?.[0]).catch((error: unknown) =>
        this.options.write(`${device}: ${error instanceof Error ? error.message : String(error)}\n`),
      );
    }
  }

  #initialLevel(isAdmin: boolean): Level {
    const { verbose, isAdminVerbose } = this.options;
    if (isAdmin) return (isAdminVerbose && verbose) || "WARN";
    return verbose ?? "OFF";
  }

  /** @throws DevFailed when the kind of target is unknown, or it cannot be opened. */
  async add(logger: DeviceLogger, text: string, folder?: string): Promise<void> {
    const [kind = "", name = ""] = text.split(/::(.*)/s);
    const target = await this.#target(logger, kind.toLowerCase(), name, folder);
    if (logger.targets.has(target.name)) await target[Symbol.asyncDispose]();
    else logger.targets.set(target.name, target);
  }

  async #target(logger: DeviceLogger, kind: string, name: string, folder?: string): Promise<LogTarget> {
    switch (kind) {
      case "console":
        return consoleTarget(this.options.write);
      case "file":
        return fileTarget(name || this.#makeDefaultFolder(logger.device, folder), () => logger.rotation * 1024);
      case "device":
        return this.#consumerTarget(name);
      default:
        throw devFailed(
          "API_MethodArgument",
          `Invalid logging target type specified (${kind})`,
          "DeviceImpl::add_logging_target",
        );
    }
  }

  #defaultFile(device: string, folder = this.options.folder ?? `/tmp/tango-${userName()}`): string {
    return join(folder, this.options.server, `${device.replaceAll("/", "_")}.log`);
  }

  /** Only the folders that are ours by default are made: a wrong path must be told, not followed. */
  #makeDefaultFolder(device: string, folder: string | undefined): string {
    const path = this.#defaultFile(device, folder);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  async #consumerTarget(device: string): Promise<LogTarget> {
    let send: (words: readonly string[]) => void;
    try {
      send = await this.options.consumer(device);
    } catch {
      throw devFailed(
        "API_ConnectionFailed",
        `Could not connect to log consumer ${device}`,
        "DeviceImpl::add_logging_target",
      );
    }
    return {
      name: `device::${device}`,
      write: (message) =>
        send([String(Math.floor(message.time)), message.level, message.device, message.text, "", String(process.pid)]),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  /** `kind::name`; `file::*` and the like take away all of a kind. */
  async remove(logger: DeviceLogger, text: string): Promise<void> {
    const [kind = "", name = ""] = text.split(/::(.*)/s);
    const wanted = [...logger.targets.values()].filter((target) => {
      if (name === "*") return target.name.startsWith(`${kind.toLowerCase()}::`);
      if (kind.toLowerCase() === "console") return target.name.startsWith("console::");
      return target.name === `${kind.toLowerCase()}::${name || this.#defaultFile(logger.device)}`;
    });
    for (const target of wanted) {
      logger.targets.delete(target.name);
      await target[Symbol.asyncDispose]();
    }
  }

  /** Ends the targets of a device that is gone. */
  async forget(device: string): Promise<void> {
    const logger = this.find(device);
    if (!logger) return;
    this.#loggers.delete(device.toLowerCase());
    for (const target of logger.targets.values()) await target[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { device } of this.loggers) await this.forget(device);
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return homedir().split("/").at(-1) ?? "nobody";
  }
}
