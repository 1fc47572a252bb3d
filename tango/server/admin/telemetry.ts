// SPDX-License-Identifier: MIT
// Telemetry, per device: whether calls are traced and logs exported, where to, and on which topics. The settings are those
// of Tango 10; what acts on them is the OpenTelemetry SDK a user may install.
import { devFailed } from "../../errors.ts";
import type { LongStrings } from "../../idl/tango-types.ts";
import type { Acceptable } from "../../interface.ts";
import type { ServedDevice } from "../device/device.ts";
import { deviceOf } from "./found.ts";
import type { AdminHost } from "./host.ts";

type Words = Acceptable<LongStrings>;

/** Exporter and endpoint, in turn. */
type Endpoints = readonly string[];

export interface Telemetry {
  enabled: boolean;
  tracing: boolean;
  logging: boolean;
  tracingEndpoints: Endpoints;
  loggingEndpoints: Endpoints;
  topics: readonly string[];
}

export const noTelemetry = (): Telemetry => ({
  enabled: false,
  tracing: false,
  logging: false,
  tracingEndpoints: [],
  loggingEndpoints: [],
  topics: [],
});

type Flag = "enabled" | "tracing" | "logging";
type List = "tracingEndpoints" | "loggingEndpoints" | "topics";

const wrong = (problem: string) => devFailed("API_WrongNumberOfArgs", problem, "DServer::telemetry");

/** device, number of entries, entries, and so on; an endpoint is two words. */
function lists(words: readonly string[], width: number): (readonly [device: string, entries: readonly string[]])[] {
  const found: (readonly [string, readonly string[]])[] = [];
  for (let at = 0; at < words.length; ) {
    const count = Number(words[at + 1]);
    const end = at + 2 + count * width;
    if (!Number.isInteger(count) || count < 0 || end > words.length) {
      throw wrong(`"${words[at + 1]}" is not the number of entries that follow for device ${words[at]}`);
    }
    found.push([words[at] ?? "", words.slice(at + 2, end)]);
    at = end;
  }
  return found;
}

export function telemetryCommands(host: AdminHost) {
  const settings = new Map<string, Telemetry>();
  const of = (device: ServedDevice): Telemetry => {
    let found = settings.get(device.key);
    if (!found) settings.set(device.key, (found = noTelemetry()));
    return found;
  };
  const named = (name: string) => of(deviceOf(host, name, "DServer::telemetry"));

  const turn = (flag: Flag, on: boolean) => (names: readonly string[]) => {
    for (const name of names) named(name)[flag] = on;
  };
  const set =
    (flag: Flag) =>
    ({ lvalue, svalue }: Words) => {
      if (lvalue.length !== svalue.length) throw wrong("a number is needed for each device");
      for (const [index, name] of svalue.entries()) named(name)[flag] = lvalue[index] === 1;
    };
  const get = (flag: Flag) => (names: readonly string[]) => ({
    lvalue: Int32Array.from(names, (name) => (named(name)[flag] ? 1 : 0)),
    svalue: names,
  });
  const setList = (list: List, width: number) => (words: readonly string[]) => {
    for (const [name, entries] of lists(words, width)) named(name)[list] = entries;
  };
  const getList = (list: List, width: number) => (names: readonly string[]) =>
    names.flatMap((name) => {
      const entries = named(name)[list];
      return [name, String(entries.length / width), ...entries];
    });
  const change = (list: "tracingEndpoints" | "loggingEndpoints", add: boolean) => (words: readonly string[]) => {
    if (words.length % 3 !== 0) throw wrong("device, exporter type and endpoint are needed, in threes");
    for (let at = 0; at < words.length; at += 3) {
      const telemetry = named(words[at] ?? "");
      const [exporter = "", endpoint = ""] = [words[at + 1], words[at + 2]];
      telemetry[list] = [...without(telemetry[list], exporter, endpoint), ...(add ? [exporter, endpoint] : [])];
    }
  };
  return {
    StartTelemetry: turn("enabled", true),
    StopTelemetry: turn("enabled", false),
    IsTelemetryEnabled: get("enabled"),
    SetTelemetryTracing: set("tracing"),
    GetTelemetryTracing: get("tracing"),
    SetTelemetryLogging: set("logging"),
    GetTelemetryLogging: get("logging"),
    SetTelemetryTracingEndpoints: setList("tracingEndpoints", 2),
    GetTelemetryTracingEndpoints: getList("tracingEndpoints", 2),
    AddTelemetryTracingEndpoints: change("tracingEndpoints", true),
    RemoveTelemetryTracingEndpoints: change("tracingEndpoints", false),
    SetTelemetryLoggingEndpoints: setList("loggingEndpoints", 2),
    GetTelemetryLoggingEndpoints: getList("loggingEndpoints", 2),
    AddTelemetryLoggingEndpoints: change("loggingEndpoints", true),
    RemoveTelemetryLoggingEndpoints: change("loggingEndpoints", false),
    SetTelemetryTopics: setList("topics", 1),
    GetTelemetryTopics: getList("topics", 1),
  };
}

function without(endpoints: Endpoints, exporter: string, endpoint: string): string[] {
  const kept: string[] = [];
  for (let at = 0; at < endpoints.length; at += 2) {
    const [type = "", place = ""] = [endpoints[at], endpoints[at + 1]];
    if (type !== exporter || place !== endpoint) kept.push(type, place);
  }
  return kept;
}
