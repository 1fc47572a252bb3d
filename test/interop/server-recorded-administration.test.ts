// SPDX-License-Identifier: MIT
// What PyTango clients saw of cppTango servers, seen again of ours: values at the limits of their attributes, log levels and
// targets by pattern, locks, the threads of polling.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  command, DevBoolean, DevDouble, DevEnum, DevFloat, DevLong, DevString, DevUChar, DevULong64, DevVoid, defineInterface,
  deviceClass, image, MemoryDatabase, type RunningServer, readable, spectrum, startServer, storeOf, writable, writeOnly,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { describeWith } from "../world/peers.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";

interface Recorded {
  readonly area: string;
  /** What the client did, in the words of the test's client. */
  readonly python: string;
  readonly observed: unknown;
}
const recorded = readFileSync(join(import.meta.dirname, "../vectors/server/administration.jsonl"), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Recorded);

const noImage = { data: [], shape: [1, 0] };
const attributes = {
  p: { definition: writable(DevDouble), first: 0 },
  ro: { definition: readable(DevDouble), first: 0 },
  lg: { definition: writable(DevLong), first: 0 },
  u64: { definition: writable(DevULong64), first: 0n },
  fl: { definition: writable(DevFloat), first: 0 },
  st: { definition: writable(DevString), first: "" },
  bo: { definition: writable(DevBoolean), first: false },
  en: { definition: writable(DevEnum, { enumLabels: ["A", "B", "C"] }), first: 0 },
  uc: { definition: writable(DevUChar), first: 0 },
  sp: { definition: writable(spectrum(DevDouble, 10)), first: [] },
  im: { definition: writable(image(DevDouble, 4, 3)), first: noImage },
  ssp: { definition: writable(spectrum(DevString, 5)), first: [] },
  sim: { definition: writable(image(DevString, 3, 3)), first: noImage },
  wo: { definition: writeOnly(DevDouble), first: 0 },
  wosp: { definition: writeOnly(spectrum(DevDouble, 5)), first: [] },
  wost: { definition: writeOnly(DevString), first: "" },
};
const limited = defineInterface({
  name: "Limited",
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, { definition }]) => [name, definition])),
  commands: { Give: command(DevString, DevVoid, { inputDescription: "JSON: name and value of an attribute" }) },
});
const Limited = deviceClass(limited, () => {
  const values = new Map<string, unknown>(Object.entries(attributes).map(([name, { first }]) => [name, first]));
  const handlers = Object.entries(attributes).map(([name, { definition }]) => {
    const write = (value: unknown) => void values.set(name, value);
    return [name, definition.access === "WRITE" ? write : { read: () => values.get(name), write }];
  });
  return {
    ...Object.fromEntries(handlers),
    Give: (text: string) => {
      const [name, value] = JSON.parse(text) as [string, unknown];
      values.set(name, value);
    },
  };
});

describeWith(["PyTango 10.3"], "recorded on cppTango servers", () => {
  let server: RunningServer;
  let client: PyTangoClient;
  const names = ["bh/c/1", "bh/c/2", "bh/c/3", "bh/c/b"];
  const database = new MemoryDatabase(storeOf({ Limited: Object.fromEntries(names.map((name) => [name, {}])) }));
  beforeAll(async () => {
    await database.putDeviceProperties("dserver/bhc/t", { polling_threads_pool_size: ["2"] });
    server = await startServer({ server: "BhC/t", classes: [Limited], database });
    client = await pyTangoClient("PyTango 10.3");
    await client.py(`
      import json
      all = [tango.DeviceProxy(t) for t in ${JSON.stringify(names.map((name) => server.trl(name)))}]
      d, a = all[0], tango.DeviceProxy("${server.trl("dserver/bhc/t")}")
      def failure(call):
          try: return call()
          except tango.DevFailed as error: return {"failed": [error.args[0].reason, " ".join(error.args[0].desc.split())]}
      def listed(value): return value.tolist() if hasattr(value, "tolist") else value
      def seen(name):
          r = d.read_attribute(name)
          dims = [r.dim_x, r.dim_y, r.w_dim_x, r.w_dim_y, r.nb_read, r.nb_written]
          return [listed(r.value), listed(r.w_value), str(r.quality)[5:], dims, r.is_empty]
      def every(level):
          names = list(a.GetLoggingLevel(["*"])[1])
          a.SetLoggingLevel([[level] * len(names), names])
      def levels(pattern): return [listed(x) for x in a.GetLoggingLevel([pattern])]
    `);
  });
  afterAll(async () => {
    await client?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test.each(recorded.map(({ area, python, observed }, index) => [`${index} ${area}: ${python}`, python, observed]))(
    "%s",
    async (_, python, observed) => {
      expect(await client.py(String(python))).toEqual(tidy(observed));
    },
  );

  test("devices polled by two threads", async () => {
    const threads = async () =>
      (await database.deviceProperties("dserver/bhc/t", ["polling_threads_pool_conf"])).polling_threads_pool_conf;
    await client.py(`[e.poll_attribute("p", 1000) for e in all]`);
    expect(await threads()).toEqual(["bh/c/1,bh/c/b", "bh/c/2,bh/c/3"]);
    await client.py(`[e.stop_poll_attribute("p") for e in all]`);
    expect(await threads()).toEqual([]);
  });
});

/** Descriptions with single blanks: cppTango's have many, for no reason. */
function tidy(observed: unknown): unknown {
  if (Array.isArray(observed)) return observed.map(tidy);
  if (typeof observed !== "object" || observed === null) return observed;
  const { failed } = observed as { readonly failed: readonly [string, string] };
  return { failed: [failed[0], failed[1].split(/\s+/).join(" ")] };
}
