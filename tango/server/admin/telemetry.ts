// SPDX-License-Identifier: MIT
// The telemetry commands of Tango 10. Whether a device's calls are traced is acted on; where traces go is up to the
// OpenTelemetry SDK of the program, so that endpoints and topics are kept and told, no more.
import { devFailed } from "../../errors.ts";
import type { LongStrings } from "../../idl/tango-types.ts";
import type { Acceptable } from "../../interface.ts";
import type { DeviceTelemetry, Endpoint } from "../telemetry/settings.ts";
import { devicesMatching } from "./found.ts";
import type { AdminHost } from "./host.ts";

type Words = Acceptable<LongStrings>;
type Flag = "enabled" | "tracing" | "logging";
type Endpoints = "tracingEndpoints" | "loggingEndpoints";

const ORIGIN = "DServer::telemetry";
const wrong = (problem: string) => devFailed("API_InvalidArgs", problem, ORIGIN);

const TOPICS = ["all", "database", "event", "polling", "user"];
/** What an endpoint of each exporter looks like. */
const exporters: Readonly<Record<string, { readonly valid: RegExp; readonly wanted: string }>> = {
  none: { valid: /^/, wanted: "" },
  console: { valid: /^(cout|cerr)$/, wanted: "cout or cerr" },
  grpc: { valid: /^grpc:\/\/[^/]/, wanted: "a valid grpc:// url - e.g., grpc://localhost:4317" },
  http: { valid: /^https?:\/\/[^/]/, wanted: "a valid http[s]:// url - e.g., http://localhost:4317/v1/traces" },
};

function endpoint(exporter: string, place: string): Endpoint {
  const kind = exporters[exporter.toLowerCase()];
  if (!kind) throw wrong(`Cannot parse '${exporter}' as Exporter enum class.`);
  if (kind.valid.test(place)) return [exporter.toLowerCase(), place];
  throw wrong(`the specified telemetry endpoint '${place}' is invalid - expecting ${kind.wanted}`);
}

function topic(name: string): string {
  if (TOPICS.includes(name)) return name;
  const known = TOPICS.map((one) => `'${one}'`).join(", ");
  throw wrong(`Cannot parse '${name}' as a telemetry topic (e.g., ${known}).`);
}

interface Listed {
  readonly pattern: string;
  readonly entries: readonly string[];
}

/** Pattern, number of entries, entries, and so on; `width` words an entry. */
function listed(words: readonly string[], width: number, what: string, entryName: string): Listed[] {
  const found: Listed[] = [];
  for (let at = 0; at < words.length; ) {
    const [pattern = "", number] = [words[at], words[at + 1]];
    if (number === undefined) throw wrong(`You must provide a device pattern and number of ${what}`);
    if (!/^\d+$/.test(number)) throw wrong(`"${number}" cannot be entirely parsed into unsigned int`);
    const end = at + 2 + Number(number) * width;
    if (end > words.length) {
      throw wrong(
        `The number of ${entryName} entries for the pattern <${pattern}> does not match the expected number (${number})`,
      );
    }
    found.push({ pattern, entries: words.slice(at + 2, end) });
    at = end;
  }
  return found;
}

const paired = (words: readonly string[]): Endpoint[] =>
  Array.from({ length: words.length / 2 }, (_, index) => endpoint(words[2 * index] ?? "", words[2 * index + 1] ?? ""));
const same = ([exporter, place]: Endpoint, other: Endpoint) => exporter === other[0] && place === other[1];

export function telemetryCommands(host: AdminHost) {
  const named = (pattern: string) => {
    const found = devicesMatching(host, pattern);
    if (found.length > 0) return found.map(({ name, key }) => ({ name, settings: host.telemetry.of(key) }));
    throw devFailed("API_DeviceNotFound", `Error: No device name matching patterns: <${pattern}>`, ORIGIN);
  };
  const change = (pattern: string, apply: (settings: DeviceTelemetry) => void) => {
    for (const { settings } of named(pattern)) apply(settings);
  };
  const turn = (flag: Flag, on: boolean) => (patterns: readonly string[]) => {
    for (const pattern of patterns) change(pattern, (settings) => void (settings[flag] = on));
  };
  const set =
    (flag: Flag) =>
    ({ lvalue, svalue }: Words) => {
      if (lvalue.length !== svalue.length) {
        throw wrong("Input long array and string array must have the same length.");
      }
      for (const [index, pattern] of svalue.entries()) turn(flag, lvalue[index] !== 0)([pattern]);
    };
  const read = (flag: Flag) => (patterns: readonly string[]) => {
    const found = patterns.flatMap(named);
    return {
      lvalue: Int32Array.from(found, ({ settings }) => (settings[flag] ? 1 : 0)),
      svalue: found.map(({ name }) => name),
    };
  };
  const readList =
    (entriesOf: (settings: DeviceTelemetry) => readonly (string | Endpoint)[]) => (patterns: readonly string[]) =>
      patterns.flatMap(named).flatMap(({ name, settings }) => {
        const entries = entriesOf(settings);
        return [name, String(entries.length), ...entries.flat()];
      });
  const setEndpoints = (list: Endpoints) => (words: readonly string[]) => {
    if (words.length < 2) throw wrong("You must provide a device pattern and number of endpoints");
    for (const { pattern, entries } of listed(words, 2, "endpoints", "exporter/endpoint")) {
      const endpoints = paired(entries);
      change(pattern, (settings) => void (settings[list] = endpoints));
    }
  };
  const eachEndpoint =
    (edit: (known: readonly Endpoint[], one: Endpoint) => readonly Endpoint[]) =>
    (list: Endpoints) =>
    (words: readonly string[]) => {
      if (words.length % 3 !== 0) {
        throw wrong("There must be 3 arguments per entry: device pattern, exporter, and endpoint.");
      }
      for (let at = 0; at < words.length; at += 3) {
        const [pattern = "", exporter = "", place = ""] = words.slice(at, at + 3);
        const one = endpoint(exporter, place);
        change(pattern, (settings) => void (settings[list] = edit(settings[list], one)));
      }
    };
  const add = eachEndpoint((known, one) => (known.some((other) => same(one, other)) ? known : [...known, one]));
  const remove = eachEndpoint((known, one) => known.filter((other) => !same(one, other)));
  return {
    StartTelemetry: turn("enabled", true),
    StopTelemetry: turn("enabled", false),
    IsTelemetryEnabled: read("enabled"),
    SetTelemetryTracing: set("tracing"),
    GetTelemetryTracing: read("tracing"),
    SetTelemetryLogging: set("logging"),
    GetTelemetryLogging: read("logging"),
    SetTelemetryTracingEndpoints: setEndpoints("tracingEndpoints"),
    GetTelemetryTracingEndpoints: readList(({ tracingEndpoints }) => tracingEndpoints),
    AddTelemetryTracingEndpoints: add("tracingEndpoints"),
    RemoveTelemetryTracingEndpoints: remove("tracingEndpoints"),
    SetTelemetryLoggingEndpoints: setEndpoints("loggingEndpoints"),
    GetTelemetryLoggingEndpoints: readList(({ loggingEndpoints }) => loggingEndpoints),
    AddTelemetryLoggingEndpoints: add("loggingEndpoints"),
    RemoveTelemetryLoggingEndpoints: remove("loggingEndpoints"),
    SetTelemetryTopics: (words: readonly string[]) => {
      for (const { pattern, entries } of listed(words, 1, "topics", "topics")) {
        const topics = entries.map(topic);
        change(pattern, (settings) => void (settings.topics = topics));
      }
    },
    GetTelemetryTopics: readList(({ topics }) => topics),
  };
}
