// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig, openSession } from "../../../config/index.ts";

const objects = `name: demo
objects:
  cam: { kind: camera, device: a/b/cam }
  mca: { kind: spectrometer, device: a/b/mca }
  m: { kind: motor, device: a/b/m }
  fast: { kind: gate, device: a/b/shutter, open: On, close: Off }
`;
async function load(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "chain-"));
  try {
    writeFileSync(join(folder, "s.yml"), objects + text);
    return await loadConfig(join(folder, "s.yml"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("how devices are used in every scan reaches the session", async () => {
  const config = await load("chain:\n  - { device: mca, master: cam, trigger: gate, settings: { mode: HIGH } }\n");
  const none = () => Promise.reject(new Error("not here"));
  const factories = { motor: none, counters: none, camera: none, spectrometer: none, gate: none };
  await using opened = await openSession(config, { factories, warn: () => {} });
  expect(opened.session.chainSettings).toEqual([
    { device: "mca", master: "cam", trigger: "gate", settings: { mode: "HIGH" } },
  ]);
});

test("devices that are not there, cannot be triggered, are told twice; words nobody knows", async () => {
  const entries = ["{ device: cm }", "{ device: mca, master: m }", "{ device: mca }", "{ device: cam, master: fast }", "{ device: fast }"]; // biome-ignore format: a list
  const text = ["chain:", ...entries.map((entry) => `  - ${entry}`), ""].join("\n");
  const error = await load(text).catch((thrown: Error) => thrown.message);
  expect(
    String(error)
      .replaceAll(/^.*s\.yml:/gm, "")
      .split("\n"),
  ).toEqual([
    "8:5: chain: device cm is no object; did you mean cam? Known: cam, mca",
    "9:5: chain: master m is a motor: only cameras and spectrometers are triggered",
    "10:5: chain: device mca is told twice",
    "12:5: chain: device fast is a gate: only cameras and spectrometers are triggered",
  ]);
  await expect(load("chain:\n  - { device: cam, trigger: softwar }\n")).rejects.toThrow(
    /8:\d+: unknown word "softwar"; did you mean software\? Known: software, internal, external, gate/,
  );
});

test("a gate is no counter, and is opened in one way only", async () => {
  await expect(load("groups: { all: [fast] }\n")).rejects.toThrow("group all: fast is a gate; a group holds counters");
  await expect(load("  other: { kind: gate, device: a/b/c, attribute: x, open: On }\n")).rejects.toThrow(
    /7:3: a gate has either an attribute or commands that open and close it/,
  );
});
