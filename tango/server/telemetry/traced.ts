// SPDX-License-Identifier: MIT
// Calls in the trace they belong to: what handlers call carries it on, and OpenTelemetry hears of them where it is installed.
import { openTelemetry } from "../../client/open-telemetry.ts";
import { inTrace } from "../../client/trace.ts";
import type { ServedDevice } from "../device/device.ts";
import type { Identity } from "../device/identity.ts";
import type { Awaitable } from "../types.ts";

interface TracedCall {
  readonly device: ServedDevice;
  readonly operation: string;
  /** Of the operation, as decoded. */
  readonly args: readonly unknown[];
  readonly identity: Identity | undefined;
}

/** Runs the operation of a call; as it is when the call belongs to no trace and the device makes none. */
export function traced<T>(call: TracedCall, run: () => Awaitable<T>): Awaitable<T> {
  const { device, operation, args, identity } = call;
  const trace = { traceParent: identity?.traceParent ?? "", traceState: identity?.traceState ?? "" };
  if (openTelemetry && device.server.telemetry.traces(device.key)) {
    const attributes = {
      "tango.operation.target": device.name,
      "tango.operation.argument": membersOf(args[0]),
      "tango.server.name": device.server.name,
      ...clientAttributes(identity),
    };
    return openTelemetry.serving({ name: operation, attributes, parent: trace }, () => inTrace(trace, run));
  }
  return trace.traceParent ? inTrace(trace, run) : run();
}

function clientAttributes(identity: Identity | undefined): Readonly<Record<string, string | number>> {
  if (!identity) return {};
  const { client, peer } = identity;
  const language = client.kind === "cpp" ? { lang: "CPP", pid: client.pid } : { lang: "JAVA", class: client.mainClass };
  const named = Object.entries(language).map(([name, value]) => [`tango.client_ident.${name}`, value]);
  return { "tango.client_ident.location": peer, ...Object.fromEntries(named) };
}

/** The command, attributes or pipe an operation is about: its first argument names them. */
function membersOf(argument: unknown): string {
  if (typeof argument === "string") return argument;
  if (Array.isArray(argument)) return argument.map(membersOf).join(", ");
  const { name } = (argument ?? {}) as { readonly name?: unknown };
  return typeof name === "string" ? name : "";
}
