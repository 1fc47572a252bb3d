// SPDX-License-Identifier: MIT
// Each command of LimaCCDs in each state it can be in: it works or refuses in known words, nothing hangs, and afterwards the
// next acquisition is as good as any.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalLima, localLima } from "../../world/lima-local.ts";

const states = ["new", "prepared", "running", "between triggers", "ended", "fault"] as const;
type State = (typeof states)[number];

const fine = "";
const notReady = "Frame not available yet";
const unprepared = "Run prepareAcq before starting acquisition";
/** The same in all states, but for those named. */
const always = (outcome: string, but: Partial<Record<State, string>> = {}): Readonly<Record<State, string>> => ({
  ...{ new: outcome, prepared: outcome, running: outcome, "between triggers": outcome, ended: outcome, fault: outcome },
  ...but,
});
/** The fault is one of saving: the frame that was not saved can be read. */
const withFrames = { "between triggers": fine, ended: fine, fault: fine };

const table: readonly (readonly [command: string, argument: unknown, outcomes: Readonly<Record<State, string>>])[] = [
  ["prepareAcq", undefined, always(fine, { running: "Acquisition not finished" })],
  ["startAcq", undefined, always(unprepared, {
    prepared: fine, "between triggers": fine, fault: "Can't process startAcq: Acquisition is in fault",
  })],
  ["stopAcq", undefined, always(fine)],
  ["abortAcq", undefined, always(fine)],
  ["reset", undefined, always(fine)],
  ["getAttrStringValueList", "acq_mode", always(fine)],
  ["getPluginDeviceNameFromType", "simulator", always(fine)],
  ["openShutterManual", undefined, always(fine)],
  ["closeShutterManual", undefined, always(fine)],
  ["setImageHeader", ["0;a=1"], always(fine)],
  ["setImageHeader", ["a=1"], always('Image header "a=1"')],
  ["resetCommonHeader", undefined, always(fine)],
  ["resetFrameHeaders", undefined, always(fine)],
  ["getImage", 0, always(notReady, withFrames)],
  ["getBaseImage", 0, always(notReady, withFrames)],
  ["readImage", 0, always(notReady, withFrames)],
  ["readImage", -1, always(notReady, withFrames)],
  ["readImage", 99, always(notReady)],
  ["readLastImage", -1, always("Frame(s) not available yet", withFrames)],
  ["readLastImage", 0, always("Frame(s) not available yet")],
  ["readImageSeq", [0n, 1n], always("Frame(s) not available yet", withFrames)],
  ["readImageSeq", [1n, 1n], always("readImageSeq takes the first frame and the one after the last")],
  ["readImageSeq", [0n, 1n, 2n], always("step 2 is not possible")],
  ["writeImage", 0, always(notReady, withFrames)],
  ["readAccSaturatedImageCounter", 0, always("Saturated pixels are not counted", { new: "Nothing was acquired" })],
  ["readAccSaturatedSumCounter", 0, always(fine, { new: "Nothing was acquired" })],
  ["setAccSaturatedMask", "", always(fine)],
  ["setAccSaturatedMask", "/none.edf", always("ENOENT")],
  ["configStore", ["mine", "Acquisition"], always(fine)],
  ["configStore", [], always("configStore takes the configuration's name")],
  ["configApply", "yours", always('No configuration "yours"')],
  ["configPop", "yours", always('No configuration "yours"')],
  ["configDelete", "yours", always('No configuration "yours"')],
  ["configFileSave", undefined, always(fine)],
  ["configFileLoad", undefined, always(fine)],
  ["setSavingStream", 0, always(fine)],
  ["setSavingStream", 3, always("Saving stream 3")],
]; // biome-ignore format: a table

let folder = "";
let world: LocalLima;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lima-commands-"));
  world = await localLima({ properties: { ConfigurationFilePath: join(folder, "lima.cfg") } });
  await world.lima.call("configFileSave");
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** From a device that was reset, but for the state "new": that one comes first. */
const enter: Readonly<Record<State, () => Promise<void>>> = {
  new: async () => {},
  prepared: () => world.lima.call("prepareAcq"),
  running: async () => {
    await world.lima.write("acq_expo_time", 1000);
    await world.lima.call("prepareAcq");
    await world.lima.call("startAcq");
  },
  "between triggers": async () => {
    await world.lima.writeAttributes({ acq_trigger_mode: "INTERNAL_TRIGGER_MULTI", acq_nb_frames: 3 });
    await world.lima.call("prepareAcq");
    await world.lima.call("startAcq");
    while ((await world.lima.read("acq_status")) === "Running");
  },
  ended: () => world.acquire(),
  fault: async () => {
    const lost = join(folder, "lost");
    await world.lima.writeAttributes({ saving_mode: "AUTO_FRAME", saving_directory: lost, saving_prefix: "f_" });
    await world.lima.call("prepareAcq");
    await rm(lost, { recursive: true });
    await world.lima.call("startAcq");
    await world.detector.acquisition?.ended;
    expect(await world.lima.read("acq_status")).toBe("Fault");
  },
};

describe.each(states)("in state %s", (state) => {
  test.each(table.map((row) => [`${row[0]}(${row[1] ?? ""})`, ...row] as const))("%s", async (...row) => {
    const [, command, argument, outcomes] = row;
    const { lima } = world;
    await lima.call("reset");
    await lima.writeAttributes({ acq_expo_time: 1e-4, saving_mode: "MANUAL", saving_directory: folder });
    await lima.writeAttributes({ saving_overwrite_policy: "OVERWRITE", saving_prefix: "f_" });
    await enter[state]();
    const wanted = outcomes[state];
    const called = lima.untyped.call(command, argument);
    if (wanted === fine) await called;
    else await expect(called).rejects.toThrow(wanted);
    await lima.call("stopAcq");
    await world.acquire({ acq_expo_time: 1e-4, acq_trigger_mode: "INTERNAL_TRIGGER", saving_mode: "MANUAL" });
    expect(await lima.read("acq_status")).toBe("Ready");
    expect(await lima.read("last_image_ready")).toBeGreaterThanOrEqual(0);
  });
});
