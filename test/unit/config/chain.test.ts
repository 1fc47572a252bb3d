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
  const factories = { motor: none, counters: none, camera: none, spectrometer: none };
  await using opened = await openSession(config, { factories, warn: () => {} });
  expect(opened.session.chainSettings).toEqual([
    { device: "mca", master: "cam", trigger: "gate", settings: { mode: "HIGH" } },
  ]);
});

test("devices that are not there, cannot be triggered, are told twice; words nobody knows", async () => {
  const text = "chain:\n  - { device: cm }\n  - { device: mca, master: m }\n  - { device: mca }\n";
  const error = await load(text).catch((thrown: Error) => thrown.message);
  expect(
    String(error)
      .replaceAll(/^.*s\.yml:/gm, "")
      .split("\n"),
  ).toEqual([
    "7:5: chain: device cm is no object; did you mean cam? Known: cam, mca",
    "8:5: chain: master m is a motor: only cameras and spectrometers are triggered",
    "9:5: chain: device mca is told twice",
  ]);
  await expect(load("chain:\n  - { device: cam, trigger: softwar }\n")).rejects.toThrow(
    /7:\d+: unknown word "softwar"; did you mean software\? Known: software, internal, external, gate/,
  );
});
