// SPDX-License-Identifier: MIT
// Telemetry of Tango 10: the commands as a PyTango 10.3 server answers them, and traces that pass from PyTango clients through
// our handlers to PyTango servers, with and without an OpenTelemetry SDK in our process.

import { join } from "node:path";
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { logs, SeverityNumber } from "@opentelemetry/api-logs";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  command, connect, type DeviceProxy, DevString, DevVoid, defineInterface, devFailed, deviceClass, type RunningServer,
  readable, startServer,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { describeWith, python } from "../world/peers.ts";
import { freePorts } from "../world/ports.ts";
import { type Running, run } from "../world/process.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";

const relay = defineInterface({
  name: "Relay",
  attributes: { Text: readable(DevString) },
  commands: {
    Trace: command(DevVoid, DevString),
    Pass: command(DevVoid, DevString),
    Fail: command(DevVoid, DevVoid),
    Say: command(DevString, DevVoid),
  },
});
/** Passes a call on to another device. */
const relayClass = (target: () => DeviceProxy) =>
  deviceClass(relay, ({ log }) => ({
    Say: (text) => {
      log.debug(`not ${text}`);
      log.info(text);
      log.fatal(text);
    },
    Text: () => "text",
    Trace: (_, { traceParent = "" }) => traceParent,
    Pass: async (_, { traceParent = "" }) => {
      await target()
        .call("DevString", "x")
        .catch(() => {});
      await target().read("double_scalar");
      return traceParent;
    },
    Fail: () => {
      throw devFailed("Mine", "as asked");
    },
  }));

const W3C = /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]$/;
const device = "test/everything/1";

describeWith(["PyTango 10.3"], "telemetry", () => {
  let theirs: Running;
  let target: DeviceProxy;
  let ours: RunningServer;
  let client: PyTangoClient;
  let theirPort = 0;
  beforeAll(async () => {
    [theirPort = 0] = await freePorts(1);
    const console = { TANGO_TELEMETRY_TRACES_EXPORTER: "console", TANGO_TELEMETRY_LOGS_EXPORTER: "none" };
    const script = join(import.meta.dirname, "../world/everything.py");
    const endpoint = ["-nodb", "-dlist", device, "-ORBendPoint", `giop:tcp:127.0.0.1:${theirPort}`];
    theirs = await run(python, [script, "t", ...endpoint], {
      env: { ...process.env, ...console, TANGO_TELEMETRY_ENABLE: "on" },
      ready: /Ready to accept request/,
    });
    target = await connect(`tango://127.0.0.1:${theirPort}/${device}#dbase=no`);
    ours = await startServer({
      server: "Relay/t",
      classes: [relayClass(() => target)],
      devices: { Relay: { [device]: {} } },
      env: () => undefined,
    });
    client = await pyTangoClient("PyTango 10.3", {
      ...console,
      TANGO_TELEMETRY_ENABLE: "on",
    });
    await client.py(`
      d = tango.DeviceProxy("${ours.trl(device)}")
      ours = tango.DeviceProxy("${ours.trl("dserver/Relay/t")}")
      theirs = tango.DeviceProxy("tango://127.0.0.1:${theirPort}/dserver/everything/t#dbase=no")
      def answer(admin, command, argument):
          try: return admin.command_inout(command, argument)
          except tango.DevFailed as error: return [error.args[0].reason, error.args[0].desc]
    `);
  });
  afterAll(async () => {
    await client?.[Symbol.asyncDispose]();
    await target?.[Symbol.asyncDispose]();
    await ours?.[Symbol.asyncDispose]();
    await theirs?.[Symbol.asyncDispose]();
  });

  test("the commands answer as those of PyTango 10.3", async () => {
    const D = `"${device}"`;
    const grpc = `[${D}, "grpc", "grpc://localhost:4317"]`;
    const states = ["IsTelemetryEnabled", "GetTelemetryTracing", "GetTelemetryLogging", "GetTelemetryTopics"];
    const endpoints = ["GetTelemetryTracingEndpoints", "GetTelemetryLoggingEndpoints"];
    const look = [...states, ...endpoints].map((name): [string, string] => [name, `[${D}]`]);
    const calls: readonly (readonly [command: string, argument: string])[] = [
      ["StopTelemetry", `["*"]`], ...look, ["IsTelemetryEnabled", `[]`],
      ["StartTelemetry", `["TEST/every*"]`], ["StartTelemetry", `["x/*"]`], ["IsTelemetryEnabled", `[${D}]`],
      ["StartTelemetry", `[]`], ["StopTelemetry", `[${D}]`],
      ["SetTelemetryTracing", `[[0], [${D}]]`], ["SetTelemetryTracing", `[[1, 0], [${D}]]`], ...look,
      ["SetTelemetryTracing", `[[2], [${D}]]`], ["SetTelemetryLogging", `[[0], [${D}]]`], ...look,
      ...["Tracing", "Logging"].flatMap((kind): [string, string][] => [
        [`SetTelemetry${kind}Endpoints`, `[${D}, "1", "console", "cout"]`],
        [`AddTelemetry${kind}Endpoints`, grpc], [`AddTelemetry${kind}Endpoints`, grpc], ...look,
        [`AddTelemetry${kind}Endpoints`, `[${D}, "zz", "cout"]`], [`AddTelemetry${kind}Endpoints`, `[${D}, "grpc"]`],
        [`AddTelemetry${kind}Endpoints`, `[${D}, "http", "grpc://localhost:4317"]`],
        [`AddTelemetry${kind}Endpoints`, `[${D}, "console", "cerr"]`], [`RemoveTelemetry${kind}Endpoints`, grpc],
        [`RemoveTelemetry${kind}Endpoints`, grpc], ...look,
        [`SetTelemetry${kind}Endpoints`, `[${D}, "2", "console", "cerr"]`],
        [`SetTelemetry${kind}Endpoints`, `[${D}, "x", "console", "cerr"]`],
        [`SetTelemetry${kind}Endpoints`, `[${D}]`], [`SetTelemetry${kind}Endpoints`, `[${D}, "0"]`], ...look,
      ]),
      ["SetTelemetryTopics", `[${D}, "1", "polling"]`], ...look, ["SetTelemetryTopics", `[${D}, "1", "zz"]`],
      ["SetTelemetryTopics", `[${D}, "3", "all"]`], ["SetTelemetryTopics", `[${D}, "0"]`], ...look,
      ["SetTelemetryTopics", `[${D}, "1", "all"]`], ["StartTelemetry", `[${D}]`],
      ["SetTelemetryTracingEndpoints", `[${D}, "1", "console", "cout"]`],
    ]; // biome-ignore format: a table
    const all = `[${calls.map(([name, argument]) => `("${name}", ${argument})`).join(", ")}]`;
    const [one, other] = (await client.py(`
      [[[c, a, answer(admin, c, a)] for c, a in ${all}] for admin in (ours, theirs)]
    `)) as [unknown, unknown];
    expect(one).toEqual(other);
    await client.py(`answer(ours, "StopTelemetry", ["*"])`);
  });

  /** The trace and parent of the spans PyTango's server has printed since `from`. */
  const printed = (from: number) =>
    theirs
      .output()
      .slice(from)
      .split("\n{\n")
      .map((span) => ({
        name: /name +: (\S+)/.exec(span)?.[1],
        traceId: /trace_id +: (\w+)/.exec(span)?.[1],
        parent: /parent_span_id: (\w+)/.exec(span)?.[1],
      }));
  const printedUntil = async (from: number, names: readonly RegExp[]) => {
    await expect.poll(() => names.every((name) => printed(from).some((span) => name.test(span.name ?? "")))).toBe(true);
    return printed(from);
  };

  test("a client's trace reaches the handler, and what the handler calls", async () => {
    expect(await client.py(`d.Trace()`)).toMatch(W3C);
    const from = theirs.output().length;
    const [, traceId, parent] = String(await client.py(`d.Pass()`)).split("-");
    const spans = await printedUntil(from, [/read_attributes/]);
    expect(spans).toContainEqual({ name: expect.stringMatching(/read_attributes_5/), traceId, parent });
    // Outside of any call there is no trace: a root of their own.
    const later = theirs.output().length;
    await target.read("double_scalar");
    const [alone] = (await printedUntil(later, [/read_attributes/])).filter(({ name }) =>
      name?.includes("read_attributes"),
    );
    expect([alone?.traceId === traceId, alone?.parent]).toEqual([false, "0000000000000000"]);
  });

  test("with an SDK in our process every call of a traced device is a span", async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    provider.register();
    try {
      await client.py(`d.Trace()`);
      expect(exporter.getFinishedSpans().length).toBe(0);
      await client.py(`ours.StartTelemetry(["${device}"])`);
      const from = theirs.output().length;
      const [, traceId, parent] = String(await client.py(`d.Pass()`)).split("-");
      const [span] = exporter.getFinishedSpans();
      expect(span).toMatchObject({
        name: expect.stringMatching(/^command_inout_4$/),
        kind: SpanKind.SERVER,
        parentSpanContext: { traceId, spanId: parent },
        attributes: {
          "tango.operation.target": device,
          "tango.operation.argument": "Pass",
          "tango.client_ident.lang": "CPP",
        },
        status: { code: SpanStatusCode.UNSET },
      });
      const spans = await printedUntil(from, [/read_attributes/]);
      const { spanId } = span?.spanContext() ?? {};
      expect(spans).toContainEqual({ name: expect.stringMatching(/read_attributes_5/), traceId, parent: spanId });
      exporter.reset();
      await client.py(`errors_of(d.Fail); d.read_attributes(["Text", "State"])`);
      const [failed, read] = exporter.getFinishedSpans();
      expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message: expect.stringContaining("as asked") });
      expect(read?.attributes["tango.operation.argument"]).toBe("Text, State");
      exporter.reset();
      // A call of our client inside a span of the program's own.
      const own = theirs.output().length;
      await trace.getTracer("test").startActiveSpan("scan", async (scan) => {
        await target.read("double_scalar");
        scan.end();
      });
      const scan = exporter
        .getFinishedSpans()
        .find(({ name }) => name === "scan")
        ?.spanContext();
      expect(await printedUntil(own, [/read_attributes/])).toContainEqual({
        name: expect.stringMatching(/read_attributes_5/),
        traceId: scan?.traceId,
        parent: scan?.spanId,
      });
    } finally {
      trace.disable();
      context.disable();
      propagation.disable();
      await provider.shutdown();
    }
  });

  test("with an SDK in our process what a device logs is exported, in the span of the call", async () => {
    const exporter = new InMemoryLogRecordExporter();
    const processor = new SimpleLogRecordProcessor({ exporter });
    const provider = new LoggerProvider({ processors: [processor] });
    const spans = new NodeTracerProvider();
    spans.register();
    logs.setGlobalLoggerProvider(provider);
    try {
      const said = async (text: string, ...settings: string[]) => {
        exporter.reset();
        await client.py([...settings, `d.Say("${text}")`].join("\n"));
        await provider.forceFlush();
        return exporter.getFinishedLogRecords();
      };
      const level = `ours.SetLoggingLevel([[4], ["${device}"]])`;
      const logging = (on: 0 | 1) => `ours.SetTelemetryLogging([[${on}], ["${device}"]])`;
      const start = `ours.StartTelemetry(["${device}"])`;
      const [information, fatal, ...others] = await said("aloud", level, start, logging(1));
      expect(others).toEqual([]);
      const of = { "tango.operation.target": device, "tango.server.name": "Relay/t" };
      expect(information).toMatchObject({
        severityNumber: SeverityNumber.INFO,
        severityText: "INFO",
        body: "aloud",
        attributes: of,
      });
      expect(fatal).toMatchObject({ severityNumber: SeverityNumber.FATAL, severityText: "FATAL", attributes: of });
      // The trace is the client's; both messages are of one call.
      expect(information?.spanContext?.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(fatal?.spanContext).toEqual(information?.spanContext);
      expect(await said("off", logging(0))).toEqual([]);
      expect(await said("on", logging(1))).toHaveLength(2);
      expect(await said("stopped", `ours.StopTelemetry(["*"])`)).toEqual([]);
    } finally {
      logs.disable();
      trace.disable();
      context.disable();
      propagation.disable();
      await provider.shutdown();
      await spans.shutdown();
    }
  });
});
