// SPDX-License-Identifier: MIT
// The OpenTelemetry API, where the program has it: optional, and of no effect until the program registers an SDK.
import { createRequire } from "node:module";
import type { TraceContext } from "./trace.ts";

type Api = typeof import("@opentelemetry/api");

export interface OpenTelemetry {
  /** The trace context of the active span; undefined when there is none. */
  active(): TraceContext | undefined;
  /** Runs `work` in a span of its own that continues `parent`; a throw or rejection makes the span an error. */
  serving<T>(span: ServerSpan, work: () => T | Promise<T>): T | Promise<T>;
}

export interface ServerSpan {
  /** The operation, as OpenTelemetry shows it. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly parent: TraceContext;
}

/** Undefined where the package is not installed. */
export const openTelemetry: OpenTelemetry | undefined = load();

function load(): OpenTelemetry | undefined {
  try {
    return bridge(createRequire(import.meta.url)("@opentelemetry/api") as Api);
  } catch {
    return undefined;
  }
}

function bridge({ context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace }: Api): OpenTelemetry {
  return {
    active: () => {
      if (!trace.getActiveSpan()) return undefined;
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      const { traceparent, tracestate = "" } = carrier;
      return traceparent ? { traceParent: traceparent, traceState: tracestate } : undefined;
    },
    serving: ({ name, attributes, parent }, work) => {
      const carrier = { traceparent: parent.traceParent, tracestate: parent.traceState };
      const remote = propagation.extract(ROOT_CONTEXT, carrier);
      const span = trace.getTracer("bandoneon").startSpan(name, { kind: SpanKind.SERVER, attributes }, remote);
      const failed = (error: unknown) => {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : "" });
        span.end();
        throw error;
      };
      const ended = <T>(value: T): T => {
        span.end();
        return value;
      };
      return context.with(trace.setSpan(remote, span), () => {
        try {
          const value = work();
          return value instanceof Promise ? value.then(ended, failed) : ended(value);
        } catch (error) {
          return failed(error);
        }
      });
    },
  };
}
