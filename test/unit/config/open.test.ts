// SPDX-License-Identifier: MIT
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Factories, loadConfig, openSession } from "../../../config/index.ts";
import { ascan, type Detector, memorySink, softAxis, softCounters } from "../../../scanning/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
});
afterEach(() => rm(folder, { recursive: true }));

const text = `
name: demo
objects:
  robx: { kind: motor, device: a/motor/x }
  diode: { kind: counter, device: a/diode/1, attribute: Counts }
  monitor: { kind: counter, device: a/diode/1, attribute: Monitor }
  spare: { kind: counter, device: a/diode/2, attribute: Counts, critical: false }
  basler: { kind: camera, device: a/lima/basler }
groups:
  counters: [diode, monitor]
  rois: ["basler:roi_counters:*_sum", basler]
data: { folder: data }
`;

/** Soft objects; told of every call. */
function soft(calls: string[]): Factories {
  const camera = (name: string): Detector => {
    const detector: Detector = {
      name,
      triggers: ["software"],
      counters: [],
      prepare: async () => ({ channels: {} }),
      trigger: async () => {},
      data: async function* () {},
      stop: async () => {},
    };
    const counter = (counter: string, part?: string) =>
      ({ kind: "detector", name: counter, detector, dim: 0, ...(part !== undefined && { part }) }) as const;
    const counters = [counter("image"), counter("r1_sum", "roi_counters"), counter("r1_avg", "roi_counters")];
    return Object.assign(detector, { counters });
  };
  return {
    motor: async ({ name, device }) => {
      calls.push(`motor ${device}`);
      return Object.assign(softAxis(name), { [Symbol.asyncDispose]: async () => void calls.push(`disposed ${name}`) });
    },
    counters: async (specs) => {
      calls.push(`counters ${specs.map(({ device, attribute }) => `${device}/${attribute}`).join(" ")}`);
      return softCounters(specs[0]!.device, Object.fromEntries(specs.map(({ name }) => [name, () => 7])));
    },
    camera: async ({ name }) => camera(name),
    spectrometer: async () => {
      throw new Error("not asked for");
    },
    gate: async ({ name }) => ({ name }),
  };
}

async function open(contents: string, factories: Factories, more: object = {}) {
  const file = join(folder, "demo.yml");
  await writeFile(file, contents);
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message.replaceAll(`${folder}/`, ""));
  const opened = await openSession(await loadConfig(file), { factories, warn, ...more });
  return Object.assign(opened, { warnings });
}

test("objects in their order, counters of one device in one call, groups, all released at the end", async () => {
  const calls: string[] = [];
  const { session, warnings, ...opened } = await open(text, soft(calls));
  expect(warnings).toEqual([]);
  expect(calls).toEqual([
    "motor a/motor/x",
    "counters a/diode/1/Counts a/diode/1/Monitor",
    "counters a/diode/2/Counts",
  ]);
  const names = ["robx", "diode", "monitor", "spare", "basler", "counters", "rois"];
  expect([...session.objects.keys()]).toEqual(names);
  expect(session.activeGroup?.name).toBe("counters");
  expect(session.groups[1]?.counters.map(({ name }) => name)).toEqual(["r1_sum", "image", "r1_avg"]);
  await opened[Symbol.asyncDispose]();
  expect(calls.at(-1)).toBe("disposed robx");
});

test("a scan of the active group, saved where the configuration says", async () => {
  const sink = memorySink();
  await using opened = await open(text, soft([]), { sink });
  const { session } = opened;
  await session.start(ascan(session.axis("robx"), 0, 1, 2, 0)).done();
  const [scan] = sink.scans;
  expect(scan?.created.identity.path).toBe(join(folder, "data/demo/data.h5"));
  expect(scan?.values("a/diode/1:monitor")).toEqual([7, 7, 7]);
});

test("an object that cannot be made is reported with its place; the session works without it", async () => {
  const factories = soft([]);
  factories.counters = async () => {
    throw new Error("a/diode/1 does not answer");
  };
  await using opened = await open(text, factories);
  expect(opened.warnings).toEqual([
    "demo.yml:5:3: counter diode, monitor (a/diode/1): a/diode/1 does not answer",
    "demo.yml:7:3: counter spare (a/diode/2): a/diode/1 does not answer",
  ]);
  expect([...opened.session.objects.keys()]).toEqual(["robx", "basler", "counters", "rois"]);
  expect(opened.session.groups[0]?.counters).toEqual([]);
});

test("a group's pattern that matches nothing is reported with what there is", async () => {
  await using opened = await open(text.replace("*_sum", "*_max"), soft([]));
  expect(opened.warnings).toEqual([
    "demo.yml:11:3: group rois: basler has no counter basler:roi_counters:*_max; it has image, r1_sum, r1_avg",
  ]);
});

test("setup scripts: setup(session) is called, other exports are names for the shell", async () => {
  await writeFile(
    join(folder, "up.ts"),
    "export const setup = (session: { name: string }) => { names.push(session.name); };\nexport const names: string[] = [];\n",
  );
  await using opened = await open(`${text}setup: up.ts\n`, soft([]));
  expect(opened.names).toEqual({ names: ["demo"] });
});

test("a setup script that throws is reported; the session works", async () => {
  await writeFile(join(folder, "bad.ts"), "export const setup = () => { throw new Error('no shutter'); };\n");
  await using opened = await open(`${text}setup: bad.ts\n`, soft([]));
  expect(opened.warnings).toEqual(["bad.ts: no shutter"]);
  expect(opened.session.axes.map(({ name }) => name)).toEqual(["robx"]);
});

test("the esrf policy", async () => {
  const data = "data: { policy: esrf, beamline: id00, roots: { visitor: /v, inhouse: /i, tmp: /t } }";
  await using opened = await open(text.replace(/^data:.*$/m, data), soft([]));
  expect(opened.session.policy.name).toBe("ESRF");
});
