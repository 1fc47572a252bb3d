// SPDX-License-Identifier: MIT
// Events of real servers: C++ (TangoTest), PyTango 9.3 and 10.3, through the real database.
import { afterAll, beforeAll, expect, test } from "vitest";
import { confirmation } from "../../tango/client/events/registration.ts";
import type { ControlSystem, EventStream } from "../../tango/index.ts";
import { connect, controlSystem } from "../../tango/index.ts";
import { everythingServer, type PyTango } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

/** The next event, or a failure that says which one did not come. */
async function next<E>(stream: EventStream<E>, what: string, patience = 15_000): Promise<E> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no event: ${what}`)), patience);
  const result = await Promise.race([stream.next(), late.promise]).finally(() => clearTimeout(timer));
  if (result.done) throw new Error(`the stream ended before: ${what}`);
  return result.value;
}
/** The next event of which `fits` is true; those before it are passed over. */
async function until<E>(stream: EventStream<E>, what: string, fits: (event: E) => boolean): Promise<E> {
  for (;;) {
    const event = await next(stream, what);
    if (fits(event)) return event;
  }
}

describeWith(["DataBaseds on MariaDB", "TangoTest", "PyTango 9.3", "PyTango 10.3"], "events", () => {
  let stack: TangoStack;
  let system: ControlSystem;
  beforeAll(async () => {
    stack = await tangoStack();
    system = controlSystem({ host: stack.host, retryDelay: 100 });
  }, 60_000);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)("%s: every kind", async (which: PyTango) => {
    const newer = which === "PyTango 10.3";
    await using server = await everythingServer(stack, which, `events${newer ? 10 : 9}`);
    await using device = await connect(server.device, { system });

    await using change = device.events("counter", "change");
    expect(await next(change, "how things are")).toMatchObject({
      event: "change", device: server.device, name: "counter", value: 0n, quality: "VALID", type: "DevLong64", error: undefined,
    }); // biome-ignore format: short
    await device.call("Push", 7);
    expect(await next(change, "a pushed value")).toMatchObject({ value: 7n, quality: "VALID", error: undefined });
    await device.call("PushMany", 500);
    for (let count = 8n; count <= 507n; count++) expect((await next(change, `value ${count}`)).value).toBe(count);
    await device.call("PushOther", "error");
    expect((await next(change, "a pushed error")).error?.errors[0]).toMatchObject({
      reason: "MyReason",
      desc: "my description",
    });
    expect(change.queued).toBe(0);

    for (const [name, value, other] of [
      ["pushed_state", "OPEN", "FAULT"],
      ["pushed_string", "pushed", "hello"],
    ] as const) {
      await using stream = device.events(name, "change");
      expect((await next(stream, name)).value).toBe(value);
      await device.call("PushOther", name.slice("pushed_".length));
      expect((await next(stream, name)).value).toBe(other);
    }
    await using images = device.events("pushed_image", "change");
    expect((await next(images, "an image")).value).toMatchObject({ shape: [2, 3] });
    await device.call("PushOther", "image");
    expect((await next(images, "a pushed image")).value).toEqual({
      data: BigInt64Array.of(1n, 2n, 3n, 4n),
      shape: [2, 2],
    });

    for (const [kind, event] of [
      ["archive", "archive"],
      ["user", "user_event"],
      ...(newer ? [["alarm", "alarm"] as const] : []),
    ] as const) {
      await using stream = device.events("counter", event);
      await next(stream, `${event}: how things are`);
      await device.call("PushOther", kind);
      expect(await next(stream, event), event).toMatchObject({ event, error: undefined });
    }
    if (!newer) {
      await using refused = device.events("counter", "alarm");
      await expect(refused.next()).rejects.toThrow();
    }
    await using ready = device.events("counter", "data_ready");
    await ready.ready;
    await device.call("PushOther", "data_ready");
    expect(await next(ready, "data_ready")).toMatchObject({ counter: 507, type: "DevLong64" });

    await using config = device.events("limited", "attr_conf");
    expect((await next(config, "configuration")).config).toMatchObject({ unit: "mm", label: "Position" });
    await device.configure("limited", { label: "Other" });
    expect((await next(config, "a changed configuration")).config).toMatchObject({ label: "Other" });

    await using face = device.events("", "intr_change");
    const before = await next(face, "interface");
    await device.call("Attach", "appeared");
    const after = await next(face, "a changed interface");
    expect(after.attributes.length).toBe(before.attributes.length + 1);
    expect(after.attributes.map(({ name }) => name)).toContain("appeared");
    expect(after.commands.map(({ name }) => name)).toContain("EchoDouble");
    if (!newer) {
      await using pipes = device.events("a_pipe", "pipe");
      expect((await next(pipes, "a pipe")).value).toMatchObject({
        name: "root",
        elements: [
          { name: "a", value: { type: "DevDouble", value: 1.5 } },
          { name: "b", value: { type: "DevVarStringArray", value: ["x", "y"] } },
          { name: "c", value: { name: "inner", elements: [{ name: "d" }] } },
        ],
      });
    }
  });

  test("polled attributes of the C++ server: change, periodic, archive", async () => {
    await using device = await connect("sys/tg_test/1", { system });
    await using admin = await connect("dserver/TangoTest/test", { system });
    await admin.call("AddObjPolling", { lvalue: [200], svalue: ["sys/tg_test/1", "attribute", "double_scalar"] });
    await device.configure("double_scalar", { absChange: "0.0001", archivePeriod: "500", eventPeriod: "400" });
    for (const event of ["change", "periodic", "archive"] as const) {
      await using stream = device.events("double_scalar", event);
      for (let count = 0; count < 4; count++)
        expect(await next(stream, `${event} ${count}`)).toMatchObject({ event, type: "DevDouble", error: undefined });
    }
    expect(system.events.size).toBe(0);
  });

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)(
    "%s: a subscription made while the last other one ends, at once or later, is alive",
    async (which) => {
      await using server = await everythingServer(stack, which, `churn${which === "PyTango 9.3" ? 9 : 10}`);
      await using device = await connect(server.device, { system });
      let last = device.events("counter", "change");
      await last.ready;
      for (let round = 1; round <= 40; round++) {
        const previous = last;
        // In turn: before the other has begun to end, while it ends, when it has ended and the connection with it.
        if (round % 3 === 0) await previous[Symbol.asyncDispose]();
        const ending = round % 3 === 1 ? previous[Symbol.asyncDispose]() : undefined;
        last = device.events("counter", round % 2 ? "archive" : "change");
        await (ending ?? previous[Symbol.asyncDispose]());
        await last.ready;
        if (round % 2) await device.call("PushOther", "archive");
        else await device.call("Push", round);
        await next(last, "how things are");
        expect((await next(last, `round ${round}`)).error).toBeUndefined();
      }
      await last[Symbol.asyncDispose]();
      expect(system.events.size).toBe(0);
    },
  );

  test("a subscription that is refused says why; a stateless one waits", async () => {
    await using device = await connect("sys/tg_test/1", { system });
    await using stream = device.events("float_scalar", "change");
    await expect(stream.next()).rejects.toMatchObject({
      errors: [
        { reason: "API_AttributePollingNotStarted" },
        { reason: "API_CommandFailed" },
        { reason: "API_DSFailedRegisteringEvent" },
      ],
    });
    await expect(stream.ready).rejects.toThrow(/polling/);
    expect(await stream.next()).toEqual({ done: true, value: undefined });

    await system.database().addServer("Everything/late", [{ device: "test/everything/late", class: "Everything" }]);
    await using lazy = await connect("test/everything/late", { system, lazy: true });
    await using patient = lazy.events("counter", "change", { stateless: true });
    expect((await next(patient, "not there yet")).error?.reason).toBe("API_DeviceNotExported");
    await using _server = await everythingServer(stack, "PyTango 10.3", "late");
    expect(await until(patient, "there", ({ error }) => !error)).toMatchObject({ value: 0n });
  });

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)(
    "%s killed and started again: an error, then values again",
    async (which) => {
      await using server = await everythingServer(stack, which, `killed${which === "PyTango 9.3" ? 9 : 10}`);
      await using device = await connect(server.device, { system });
      await using stream = device.events("counter", "change");
      await next(stream, "how things are");
      await device.call("Push", 1);
      expect((await next(stream, "a value")).value).toBe(1n);
      for (let life = 0; life < 3; life++) {
        await server.stop(life === 1 ? "SIGTERM" : "SIGKILL");
        expect((await next(stream, "the server is gone")).error?.reason).toBe("API_EventTimeout");
        await server.start();
        await until(stream, "back again", ({ error }) => !error);
        await device.call("PushMany", 50);
        for (let count = 1n; count <= 50n; count++) expect((await next(stream, `value ${count}`)).value).toBe(count);
      }
    },
  );

  test("the database away meanwhile: events go on, and the server is found again when it is back", async () => {
    await using server = await everythingServer(stack, "PyTango 10.3", "moved");
    await using device = await connect(server.device, { system });
    await using stream = device.events("counter", "change");
    await next(stream, "how things are");
    await stack.restartDatabase();
    await device.call("PushMany", 5);
    for (let count = 1n; count <= 5n; count++) expect((await next(stream, `value ${count}`)).value).toBe(count);
    // Another port, which only the new database knows: as if it had moved to another host.
    await server.restart();
    expect((await next(stream, "the server is gone")).error?.reason).toBe("API_EventTimeout");
    await until(stream, "back again", ({ error }) => !error);
    await device.call("PushMany", 5);
    for (let count = 1n; count <= 5n; count++) expect((await next(stream, `value ${count}`)).value).toBe(count);
  });

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)("%s takes our confirmations of every kind", async (which) => {
    const newer = which === "PyTango 10.3";
    await using server = await everythingServer(stack, which, `confirmed${newer ? 10 : 9}`);
    await using device = await connect(server.device, { system });
    await using admin = await connect(await device.adminName(), { system });
    const version = await device.idlVersion();
    const kinds = ["change", "archive", "user_event", "data_ready", ...(newer ? (["alarm"] as const) : [])] as const;
    const words = kinds.flatMap((event) => confirmation({ device: server.device, version, member: "counter", event }));
    const whole = confirmation({ device: server.device, version, member: "", event: "intr_change" });
    const config = confirmation({ device: server.device, version, member: "limited", event: "attr_conf" });
    await admin.call("EventConfirmSubscription", [...words, ...whole, ...config]);
  });

  test("a slow consumer: what is dropped is as stated", async () => {
    await using server = await everythingServer(stack, "PyTango 10.3", "slow");
    await using device = await connect(server.device, { system });
    await using all = device.events("counter", "change");
    await using latest = device.events("counter", "change", { queue: 1 });
    await using first = device.events("counter", "change", { queue: 3, overflow: "drop newest" });
    await using strict = device.events("counter", "change", { queue: 3, overflow: "fail" });
    await Promise.all([all, latest, first, strict].map(({ ready }) => ready));
    await device.call("PushMany", 20);
    await until(all, "the last", ({ value }) => value === 20n);
    expect(latest.take().map(({ value }) => value)).toEqual([20n]);
    expect(latest.dropped).toBe(20);
    expect(first.take().map(({ value }) => value)).toEqual([0n, 1n, 2n]);
    for (const value of [0n, 1n, 2n]) expect((await strict.next()).value?.value).toBe(value);
    await expect(strict.next()).rejects.toMatchObject({ errors: [{ reason: "API_EventQueueOverflow" }] });
  });
});
