// SPDX-License-Identifier: MIT
// Dialogues recorded with MOSCA 2.0.5 (Dummy, SimFalconX, SimDante), replayed on our server: the same answers, except where
// the table says which defect of the original we do not have, or which text we say better.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { danteWorld, dummyWorld, falconxWorld, type MoscaFixtures, moscaFixtures } from "../world/mosca.ts";
import { agree, Replay, readDialogue, recorded } from "../world/mosca-dialogue.ts";

let fixtures: MoscaFixtures;
let folder: string;
beforeAll(async () => {
  fixtures = await moscaFixtures();
  folder = mkdtempSync(join(tmpdir(), "mosca-dialogues-"));
});
afterAll(() => {
  fixtures[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Line number (from 1), or member -> why our answer is another. */
const differences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "v2-02-rois": {},
  "v2-04-int-trig-readout": {
    "74": "a third number is refused in our words",
    "75": "a third number is refused in our words",
    "80": "7 points have no eighth from the end: the original counts from the end twice",
    "81": "as line 80",
    "82": "as line 80",
    "83": "as line 80: the point named is the one asked for",
    "84": "as line 80",
    "85": "as line 80",
  },
  "v2-05-block-size": {},
  "v2-06-mode-EXT_TRIG": {},
  "v2-06-mode-FREERUN": {},
  "v2-06-mode-GATE": {},
  "v2-06-mode-INT_TRIG_READOUT": {},
  "v2-08-resume": { "21": "a second start is refused in our words" },
  "v2-10-detectors": {
    "62": "that no detector is enabled is said at apply",
    "63": "and at prepare, in words instead of an IndexError",
    "66": "a prepare that was refused does not take the points away",
    "67": "as line 66",
  },
  "v2-12-background": {
    "19": "background_spectra can be read",
    "20": "background_stats can be read",
    "30": "counts do not fall below 0: the original wraps around",
  },
  "v2-19-roi-list-order": { "18": "rows hold the detectors they are named after" },
  "fx-03-mapping-EXT_TRIG-HIGH": {},
  "fx-03-mapping-EXT_TRIG-LOW": {},
  "fx-03-mapping-GATE-HIGH": {},
  "fx-03-mapping-GATE-LOW": {},
  "fx-04-external-EXT_TRIG-b1": { "2": "nothing was started before in this server" },
  "fx-04-external-EXT_TRIG-b2": { "2": "nothing was started before in this server" },
  "fx-05-stop-EXT_TRIG": {},
  "fx-05-stop-GATE": {},
  "fx-06-discard": {
    "43": "FIRST leaves one point out, not all, when they come one by one",
    "45": "as line 43",
    "46": "as line 43",
  },
  "v1-dummy-bliss-order": {
    "7": "in our words: the dummy has no configuration files",
    "8": "as line 7",
    "16": "as line 7",
    "22": "as line 7",
    "25": "not replayed: start before prepare is refused by the original's dummy only; it prepares and starts",
    "144": "the channels 1-0 are refused instead of taken for all",
    "150": "as line 144",
    "181": "as line 7",
    "182": "as line 7",
  },
  "dt-01-init-config": {
    "20": "the reason is told, not the last step",
    "35": "in words instead of an AssertionError",
    "39": "as line 35",
    "41": "what cannot be is refused when it is written",
    "42": "as line 41",
    "43": "as line 35",
  },
  "dt-02-mode-EXT_TRIG": {},
  "dt-02-mode-EXT_TRIG_READOUT": {},
  "dt-02-mode-FREERUN": {},
  "dt-02-mode-INT_TRIG_READOUT": {
    "23": "a resume adds a point: the original dies at it",
    "24": "as line 23",
    "30": "shows what is asked for, although it was refused",
    "38": "as line 30",
    "46": "all points that are asked for are taken, not one",
    "47": "as line 46",
  },
  "dt-03-resume": {
    "14": "a resume adds a point: the original dies at it",
    "15": "as line 14",
    "17": "as line 14",
    "18": "as line 14",
    "20": "as line 14",
    "21": "as line 14",
  },
  "fx-01-client-init": {
    "3": "registers follow the parameters from the beginning",
    "15": "the file and what is wrong with it are named",
    "19": "as line 15",
    "24": "registers can be read without hardware",
    "25": "as line 24",
    "26": "there is no spectrum: size 0",
    "31": "as line 15",
    "42": "is there",
    "44": "is there",
    "45": "in our words",
    "46": "is there",
    "47": "is there",
    "48": "presets of events are supported",
    "49": "in FREERUN no preset holds",
    "52": "in our words",
    "68": "in words instead of an AssertionError",
    "78": "in our words",
    "86": "in our words",
  },
  "fx-02-int-trig-readout": {
    "62": "not replayed: FREERUN of the original's simulator ends by itself",
    "63": "not replayed: as line 62",
    "14": "the original keeps what an earlier acquisition set",
    "17": "as line 14",
    "29": "the original's simulator serves raw counts as statistics in this mode",
    "31": "as line 29",
    "51": "as line 29",
    "70": "a point of FREERUN ends with stop_acq and is given",
    "71": "as line 70",
    "72": "as line 70",
    "73": "as line 70",
  },
  "fx-07-while-running": {
    "13": "is refused and harms nothing: the original kills the acquisition",
    "15": "as line 13",
    "16": "as line 13",
    "45": "in our words",
    "109": "is refused and harms nothing: the original loses points",
    "111": "as line 109",
    "112": "as line 109",
    "113": "as line 109",
    "125": "as line 109",
    "143": "depends on when stop comes",
    "144": "depends on when stop comes",
    "157": "is refused and harms nothing: the original stops",
    "158": "as line 157",
    "159": "as line 157",
    "160": "as line 157",
    "172": "in the words of the main device",
    "174": "is refused: the original stalls",
    "175": "as line 174",
    "176": "as line 174",
    "187": "depends on when it is asked",
  },
  "v1-simfalconx-bliss-order": {
    "28": "depends on when it is asked",
    "51": "the original's simulator serves raw counts as statistics in this mode",
    "57": "as line 51",
    "63": "as line 51",
    "146": "the channels 1-0 are refused instead of taken for all",
    "152": "as line 146",
    "168": "in our words",
    "176": "the first of several reasons",
    "184": "the directory can be changed",
  },
  "v2-01-client-init": {},
  "v2-03-client-rois": {},
  "v2-09-discard": {
    "13": "FIRST leaves one point out, not all, when they come one by one",
    "14": "as line 13",
    "15": "as line 13",
  },
  "v2-11-saving-hdf5": {
    "43": "the original shows the settings of zarr while saving is off",
    "44": "a mode that is not there is refused",
    "45": "as line 44",
    "46": "as line 44",
    "70": "can be read",
    "71": "zarr is refused instead of ignored",
    "72": "can be read",
    "73": "as line 71",
    "75": "files without points are refused",
    "81": "a folder that cannot be written is refused at prepare: the original loses every point without a word",
    "83": "as line 81",
    "84": "as line 81",
  },
  "v2-13-errors": {
    "2": "refused by our client library in its words",
    "10": "refused by the server",
    "20": "as line 2",
    "45": "the server of the recording had been used",
    "50": "what cannot be is refused at apply and prepare",
    "52": "as line 50",
    "53": "as line 50",
    "55": "as line 50",
    "56": "as line 50",
    "63": "a size that was accepted stays",
    "82": "Status says what State says",
    "92": "is refused and harms nothing: the original kills the acquisition",
    "93": "in our words",
    "94": "in our words",
    "95": "in our words",
    "96": "in our words",
    "99": "a number that was written as 1.0 is 1",
    "100": "depends on when it is asked, and it still runs",
    "101": "is refused while it runs",
    "102": "as line 92",
    "107": "as line 92",
    "109": "as line 92",
    "110": "as line 92",
    "111": "as line 92",
    "112": "as line 92",
    "118": "as line 92",
    "119": "as line 92",
    "120": "as line 92",
    "123": "as line 92",
  },
  "v2-14-ring-buffer": {},
  "v2-15-dummy-stop-deadlock": {
    "10": "stop_acq returns",
    "12": "as line 10",
    "14": "as line 10",
    "16": "as line 10",
    "17": "as line 10",
  },
  "v2-16-fresh-server": {
    "4": "prepare_acq needs no apply_mosca before",
    "7": "as line 4: there is an acquisition",
    "8": "as line 7",
    "9": "as line 7",
    "12": "starts it",
    "13": "as line 12",
    "14": "as line 4",
    "15": "as line 12",
    "16": "a number that was written as 1.0 is 1",
    "17": "Init works",
    "21": "Init ended the acquisition",
  },
  "v2-17-file-reader": {
    "10": "the original shows the settings of zarr while saving is off",
    "7": "not replayed: mosca-saving.test.ts looks into the files",
    "8": "not replayed: as line 7",
    "9": "not replayed: as line 7",
  },
  "v2-18-layouts": {},
};

/** What was done before a line without being recorded: [call, argument]. */
const before: Readonly<
  Record<string, Readonly<Record<number, readonly (readonly [call: string, argument?: unknown])[]>>>
> = {
  "v2-01-client-init": {
    2: [["set mosca.trigger_mode", "INT_TRIG_READOUT"], ["set mosca.acq_realtime", 0.02], ["mosca.apply_mosca"]],
  },
  "fx-02-int-trig-readout": { 64: [["mosca.stop_acq"]] },
  "v2-13-errors": { 2: [["set mosca.trigger_mode", "INT_TRIG_READOUT"]] },
  "v2-17-file-reader": {
    2: [
      ["set mosca.trigger_mode", "GATE"],
      ["set mosca.gate_mode", "HIGH"],
      ["set mosca.acq_nb_points", 7],
      ["set mosca.acq_realtime", 0.02],
      ["set saving.hdf5_directory", "<savedir>/m"],
      ["set saving.hdf5_file_prefix", "p_"],
      ["set saving.hdf5_group_path", "entry"],
      ["set saving.hdf5_points_per_file", 3],
      ["set saving.enabled", true],
      ["mosca.prepare_acq"],
      ["mosca.start_acq"],
    ],
  },
};

const families = ["mosca", "moscav1", "saving", "background"];
const worlds = {
  fx: { open: () => falconxWorld(fixtures), instance: "mosimfx", families: [...families, "simfalconx", "generator"] },
  dt: { open: () => danteWorld(fixtures), instance: "mosimdt", families: [...families, "simdante", "generator"] },
  dummy: { open: () => dummyWorld(), instance: "modummy", families: [...families, "dummy"] },
} as const;
const worldOf = (dialogue: string) => {
  if (dialogue.startsWith("fx-") || dialogue.includes("simfalconx")) return worlds.fx;
  return dialogue.startsWith("dt-") ? worlds.dt : worlds.dummy;
};
const short = (value: unknown) => JSON.stringify(value)?.slice(0, 600);

test.concurrent.for(Object.keys(differences))("%s", { timeout: 60_000 }, async (dialogue, { expect }) => {
  const { open, instance, families: names } = worldOf(dialogue);
  await using world = await open();
  const places = {
    "<cfgdir>": fixtures.configurations,
    "<savedir>": join(folder, dialogue),
    "<unwritable>": "/proc/nowhere",
  };
  await using replay = await Replay.open(
    names.map((family) => world.trl(`mo/${family}/${instance}`)),
    places,
  );
  const known = differences[dialogue] ?? {};
  const unused = new Set(Object.keys(known));
  const wrong: string[] = [];
  let compared = 0;
  for (const [index, line] of readDialogue(join(import.meta.dirname, "mosca", `${dialogue}.jsonl`)).entries()) {
    const key = [`${index + 1}`, `${line.call} ${JSON.stringify(line.args?.[0] ?? "")}`, line.call ?? ""].find((one) =>
      Object.hasOwn(known, one),
    );
    if (key && /^(not replayed|depends on)/.test(known[key] ?? "")) unused.delete(key);
    if (key && known[key]?.startsWith("not replayed")) continue;
    for (const [call, argument] of before[dialogue]?.[index + 1] ?? [])
      await replay.answer({ call, ...(argument !== undefined && { args: [argument] }) });
    const said = await replay.answer(line);
    if (said === undefined) continue;
    compared++;
    const wanted = recorded(line);
    if (agree(said, wanted)) continue;
    if (key) unused.delete(key);
    else
      wrong.push(
        `line ${index + 1} ${line.call} ${JSON.stringify(line.args ?? "")}\n   said ${short(said)}\n wanted ${short(wanted)}`,
      );
  }
  expect(wrong.join("\n")).toBe("");
  expect(compared).toBeGreaterThan(3);
  expect([...unused]).toEqual([]);
});
