// SPDX-License-Identifier: MIT
// A MOSCA server in this process, without a database.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { File, ready } from "h5wasm/node";
import { moscaClasses } from "../../servers/mosca/classes.ts";
import { type RunningServer, startServer } from "../../tango/index.ts";
import { openHdf5 } from "../../writers/index.ts";
import { falconxConfiguration } from "./original-mosca.ts";

/** Devices a/mosca/1, a/moscav1/1, a/simfalconx/1 (with these properties), a/generator/1, a/saving/1, a/background/1. */
const others = {
  Saving: { "a/saving/1": {} },
  Background: { "a/background/1": {} },
  MoscaV1: { "a/moscav1/1": {} },
};
export const moscaWorld = (properties: Record<string, string[]> = {}): Promise<RunningServer> =>
  startServer({
    server: "Mosca/t",
    classes: moscaClasses(),
    devices: {
      SimFalconX: { "a/simfalconx/1": properties },
      Generator: { "a/generator/1": {} },
      ...others,
      Mosca: { "a/mosca/1": { mca_type: ["simfalconx"] } },
    },
  });

/** The same with the Dummy, under the names of the recorded dialogues: mo/mosca/modummy, mo/dummy/modummy ... */
export const dummyWorld = (): Promise<RunningServer> =>
  startServer({
    server: "Mosca/modummy",
    classes: moscaClasses(),
    devices: {
      Saving: { "mo/Saving/modummy": {} },
      Background: { "mo/Background/modummy": {} },
      MoscaV1: { "mo/moscav1/modummy": {} },
      Dummy: { "mo/dummy/modummy": {} },
      Mosca: { "mo/mosca/modummy": { mca_type: ["dummy"] } },
    },
  });

/** A SimFalconX of 8 detectors that plays the recorded data, under the names of the recorded dialogues. */
export const falconxWorld = ({ configurations, data }: MoscaFixtures): Promise<RunningServer> =>
  startServer({
    server: "Mosca/mosimfx",
    classes: moscaClasses(),
    devices: {
      Saving: { "mo/Saving/mosimfx": {} },
      Background: { "mo/Background/mosimfx": {} },
      Generator: { "mo/generator/mosimfx": { simu_data: data } },
      MoscaV1: { "mo/moscav1/mosimfx": {} },
      SimFalconX: {
        "mo/simfalconx/mosimfx": { default_ini_dir: configurations, default_ini_file: "falconx.ini" },
      },
      Mosca: { "mo/mosca/mosimfx": { mca_type: "simfalconx" } },
    },
  });

/** A SimDante of 4 boards, under the names of the recorded dialogues. */
export const danteWorld = ({ configurations }: MoscaFixtures): Promise<RunningServer> =>
  startServer({
    server: "Mosca/mosimdt",
    classes: moscaClasses(),
    devices: {
      Saving: { "mo/Saving/mosimdt": {} },
      Background: { "mo/Background/mosimdt": {} },
      Generator: { "mo/generator/mosimdt": {} },
      MoscaV1: { "mo/moscav1/mosimdt": {} },
      SimDante: { "mo/simdante/mosimdt": { config_dir: configurations, config_file: "config.hdf" } },
      Mosca: { "mo/mosca/mosimdt": { mca_type: "simdante" } },
    },
  });

export interface MoscaFixtures extends Disposable {
  /** falconx.ini (8 detectors, 4096 channels), other.ini (2048), broken.ini, config.hdf (4 boards), two.hdf. */
  readonly configurations: string;
  /** The data the dialogues were recorded with. */
  readonly data: string;
}

export async function moscaFixtures(): Promise<MoscaFixtures> {
  const folder = mkdtempSync(join(tmpdir(), "mosca-fixtures-"));
  const configurations = join(folder, "configurations");
  mkdirSync(configurations);
  writeFileSync(join(configurations, "falconx.ini"), falconxConfiguration());
  writeFileSync(join(configurations, "other.ini"), falconxConfiguration(2048));
  writeFileSync(join(configurations, "broken.ini"), "[module definitions]\nSTART #0\nEND #0\n");
  await ready;
  for (const [name, boards] of [
    ["config.hdf", 4],
    ["two.hdf", 2],
  ] as const) {
    const file = new File(join(configurations, name), "w");
    const names = Array.from({ length: boards }, (_, board) => `SN0001_Ch${board + 1}`);
    file.create_dataset({ name: "ChannelID", data: names, dtype: "S16" });
    file.close();
  }
  const data = join(folder, "data.h5");
  await writeRecordedData(data);
  return { configurations, data, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Spectra 1000 det + 10 p + b; the counts in ticks of 320 ns and photons as the dialogues say. */
async function writeRecordedData(path: string): Promise<void> {
  const [detectors, points, channels] = [8, 20, 4096];
  await using hdf5 = await openHdf5();
  await using file = await hdf5.open(path);
  const bytes = (numbers: Uint32Array) => new Uint8Array(numbers.buffer);
  for (let det = 0; det < detectors; det++) {
    const spectra = Uint32Array.from(
      { length: points * channels },
      (_, at) => 1000 * det + 10 * Math.floor(at / channels) + (at % channels),
    );
    const counts = Uint32Array.from(
      Array.from({ length: points }, (_, p) => [
        312_500 + p,
        250_000 + 1000 * det,
        20_000 + 100 * p + det,
        18_000 + 50 * p,
      ]).flat(),
    );
    const columns = ["realtime", "trigger_livetime", "triggers", "events"].map((name) => [name, "<u4"] as const);
    await file.apply([
      {
        do: "dataset",
        path: `/data/det${det}`,
        value: { dtype: "<u4", shape: [points, channels], data: bytes(spectra) },
      },
      {
        do: "dataset",
        path: `/stats/det${det}`,
        value: { dtype: { compound: columns }, shape: [points], data: bytes(counts) },
      },
    ]);
  }
}
