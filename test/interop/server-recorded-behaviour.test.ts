// SPDX-License-Identifier: MIT
// Cases recorded on cppTango servers, done again on ours by a PyTango client, each as it was recorded.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryDatabase, type RunningServer, startServer, storeOf } from "../../tango/index.ts";
import { behavingClass } from "../world/behaviour/class.ts";
import { asked, comparable, playedCases } from "../world/behaviour/records.ts";
import { describeWith } from "../world/peers.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";

const folder = join(import.meta.dirname, "../world/behaviour/play");
const PLAY = readdirSync(folder)
  .filter((name) => name.endsWith(".py"))
  .sort()
  .map((name) => readFileSync(join(folder, name), "utf8"))
  .join("\n");
/** By area and recording server: attconf-event, two attrs in one call ... */
const cases = playedCases();

/** What the database holds when the server starts, by area: each has a device of its own. */
const rows: Readonly<Record<string, Record<string, Record<string, string[]>>>> = {
  "badprop-start": {
    p: { min_value: ["abc"] },
    sh: { abs_change: ["zz"] },
    us: { min_alarm: ["10"], max_alarm: ["5"] },
    en: { enum_labels: ["Q", "R"] },
  },
  "memorized-fail": { m_d: { __value: ["0.1"] }, m_f: { __value: ["0.1"] } },
};
const properties: Readonly<Record<string, Record<string, string[]>>> = {
  "memorized-fail": { fails: ["m_d"] },
  "poll-min": {
    min_poll_period: ["200"],
    attr_min_poll_period: ["cnt2", "500"],
    cmd_min_poll_period: ["noop", "700"],
  },
};

const areaOf = (group: string) => group.replace(/-\d+$/, "");

describeWith(["PyTango 10.3"], "recorded behaviour", () => {
  let server: RunningServer;
  let client: PyTangoClient;
  const store = storeOf({ Behaving: {} });
  const [stored] = store.classes;
  stored?.devices.push(
    ...[...cases.keys(), "poll-min"].map((group) => ({
      name: `bh/dev/${group}`,
      properties: { ...properties[areaOf(group)] },
      attributes: structuredClone(rows[areaOf(group)] ?? {}),
      pipes: {},
    })),
  );
  beforeAll(async () => {
    const Behaving = behavingClass([], async (name) => stored?.devices.find((device) => device.name === name));
    const database = new MemoryDatabase(store);
    server = await startServer({ server: "Behaving/t", classes: [Behaving], database, write: () => {} });
    client = await pyTangoClient("PyTango 10.3");
    const [prefix, suffix] = server.trl("bh/dev/AREA").split("AREA");
    await client.py(PLAY);
    await client.py(`connected("${prefix}", "${suffix}", "${server.trl("dserver/behaving/t")}")`);
  });
  afterAll(async () => {
    await client?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  for (const [group, recorded] of cases) {
    describe(group, () => {
      test.each(recorded.map((one) => [`line ${one.line}: ${JSON.stringify(one.steps)}`, one] as const))(
        "%s",
        async (_, { steps, observed }) => {
          const arguments_ = [group, steps, observed].map((one) => JSON.stringify(JSON.stringify(one)));
          const seen = await client.py(`play(*(json.loads(x) for x in (${arguments_.join(", ")})))`);
          expect(comparable(seen)).toEqual(comparable(asked(areaOf(group), observed)));
        },
      );
    });
  }
});
