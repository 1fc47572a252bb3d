// SPDX-License-Identifier: MIT
// Log messages on their way to the OpenTelemetry SDK of the program, in the span of the call that logs: where the logs API is
// installed, and of no effect until the program registers a provider of loggers.
import { createRequire } from "node:module";
import type { Level } from "../logging/levels.ts";
import type { LogMessage } from "../logging/target.ts";

type LogsApi = typeof import("@opentelemetry/api-logs");

/** OpenTelemetry's numbers, as Tango 10 gives them. */
const severities: Readonly<Record<Level, number>> = { OFF: 0, FATAL: 21, ERROR: 17, WARN: 13, INFO: 9, DEBUG: 5 };

/** Exports messages of a server's devices; does nothing where no package has the logs API. */
export function logExporter(server: string): (message: LogMessage) => void {
  // A package of its own, which releases of the API from 1.10 on contain.
  const logs = installed("@opentelemetry/api-logs")?.logs ?? installed("@opentelemetry/api")?.logs;
  return ({ time, level, device, text }) =>
    logs?.getLogger("bandoneon").emit({
      timestamp: time,
      severityNumber: severities[level],
      severityText: level,
      body: text,
      attributes: { "tango.operation.target": device, "tango.server.name": server },
    });
}

function installed(name: string): Partial<LogsApi> | undefined {
  try {
    return createRequire(import.meta.url)(name) as Partial<LogsApi>;
  } catch {
    return undefined;
  }
}
