// SPDX-License-Identifier: MIT
// What cppTango 9.3.4 and 10.3.3 did with attribute configurations, one recorded case a line: our server does the same. Each
// case is a device of its own, which starts with the recorded rows of the database.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryDatabase, type RunningServer, startServer, storeOf } from "../../tango/index.ts";
import { describeWith } from "../world/peers.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";
import { Configured, classRows, WithClassRows } from "../world/recorded-configurations.ts";

type Rows = Record<string, string[]>;
interface Case {
  readonly area: string;
  readonly attribute: string;
  /** Which defaults the attribute has: those of the code, or also those of its class in the database. */
  readonly level: "code" | "class";
  readonly before: Rows;
  readonly set: Record<string, string>;
  readonly failure: readonly [reason: string, desc: string] | null;
  readonly shown: Record<string, string>;
  readonly after: Rows;
}

const cases = readFileSync(join(import.meta.dirname, "../vectors/server/configurations.jsonl"), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Case);
const deviceOf = (index: number) => `case/${cases[index]?.level}/${index}`;

/** Where PyTango keeps each property in its record of a configuration. */
const CLIENT = `
  WHERE = {"label": "", "description": "", "unit": "", "standard_unit": "", "display_unit": "", "format": "",
           "min_value": "", "max_value": "", "min_alarm": "alarms", "max_alarm": "alarms", "min_warning": "alarms",
           "max_warning": "alarms", "delta_t": "alarms", "delta_val": "alarms", "abs_change": "events.ch_event",
           "rel_change": "events.ch_event", "archive_abs_change": "events.arch_event",
           "archive_rel_change": "events.arch_event", "archive_period": "events.arch_event", "event_period": "events.per_event"}
  FIELD = {"event_period": "period"}
  def place(c, name):
      for part in filter(None, WHERE[name].split(".")): c = getattr(c, part)
      return c, FIELD.get(name, name)
  def run(device, attribute, values, shown):
      d = tango.DeviceProxy(device)
      c = d.get_attribute_config(attribute)
      for name, value in values.items(): setattr(*place(c, name), value)
      failure = errors_of(lambda: d.set_attribute_config(c))
      c = d.get_attribute_config(attribute)
      return [failure and failure[0], {name: getattr(*place(c, name)) for name in shown}]
`;

describeWith(["PyTango 10.3"], "recorded configurations", () => {
  let server: RunningServer;
  let client: PyTangoClient;
  const store = storeOf({ Configured: {}, WithClassRows: {} });
  beforeAll(async () => {
    const [code, withRows] = store.classes;
    if (!code || !withRows) throw new Error("no classes");
    for (const [index, { level, attribute, before }] of cases.entries()) {
      const device = { name: deviceOf(index), properties: {}, attributes: { [attribute]: { ...before } }, pipes: {} };
      (level === "code" ? code : withRows).devices.push(device);
    }
    withRows.attributes = structuredClone(classRows);
    server = await startServer({
      server: "Recorded/cases",
      classes: [Configured, WithClassRows],
      database: new MemoryDatabase(store),
      write: () => {},
    });
    client = await pyTangoClient("PyTango 10.3");
    await client.py(CLIENT);
  });
  afterAll(async () => {
    await client?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  for (const [area, group] of Map.groupBy(cases.entries(), ([, { area }]) => area)) {
    describe(area, () => {
      const named = group.map(
        ([index, one]) =>
          [
            `${one.level} ${one.attribute} ${JSON.stringify(one.before)} ${JSON.stringify(one.set)}`,
            index,
            one,
          ] as const,
      );
      test.each(named)("%s", async (_, index, { attribute, set, failure, shown, after }) => {
        const trl = JSON.stringify(server.trl(deviceOf(index)));
        const found = await client.py(
          `run(${trl}, ${JSON.stringify(attribute)}, ${JSON.stringify(set)}, ${JSON.stringify(Object.keys(shown))})`,
        );
        const kept = store.classes.flatMap(({ devices }) => devices).find(({ name }) => name === deviceOf(index));
        const expected = failure && [failure[0], failure[1].replace("Device D", `Device ${deviceOf(index)}`)];
        expect([found, kept?.attributes[attribute] ?? {}]).toEqual([[expected, shown], after]);
      });
    });
  }
});
