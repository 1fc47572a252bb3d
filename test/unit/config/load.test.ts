// SPDX-License-Identifier: MIT
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ConfigError, loadConfig, type SessionConfig } from "../../../config/index.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function files(contents: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "config-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Loads `main.yml`; problems are those of its folder, without it. */
async function load(
  contents: string | Record<string, string>,
  environment: Record<string, string> = {},
): Promise<SessionConfig | string[]> {
  const folder = await files(typeof contents === "string" ? { "main.yml": contents } : contents);
  try {
    return await loadConfig(join(folder, "main.yml"), { environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n").map((line) => line.replaceAll(`${folder}/`, ""));
    throw error;
  }
}

const beamline = `
name: demo
objects:
  roby: { kind: motor, device: id00/motor/roby, stop: Halt, decimals: 4 }
  diode:
    kind: counter
    device: tango://host:10000/id00/diode/1
    attribute: Counts
    mode: STATS
  basler: { kind: camera, device: id00/limaccds/basler }
  mercury: { kind: spectrometer, device: id00/mosca/mercury }
groups:
  default: [diode, "basler:roi_counters:*"]
data:
  folder: data
stream: redis://127.0.0.1:6379
tango_host: localhost:10000
`;

test("a session: objects by kind, groups, data, stream", async () => {
  const config = (await load(beamline)) as SessionConfig;
  expect(config).toMatchObject({ name: "demo", stream: "redis://127.0.0.1:6379", tangoHost: "localhost:10000" });
  expect(config.objects.map(({ spec }) => spec)).toEqual([
    { name: "roby", kind: "motor", device: "id00/motor/roby", stop: "Halt", decimals: 4 },
    { name: "diode", kind: "counter", device: "tango://host:10000/id00/diode/1", attribute: "Counts", mode: "STATS" },
    { name: "basler", kind: "camera", device: "id00/limaccds/basler" },
    { name: "mercury", kind: "spectrometer", device: "id00/mosca/mercury" },
  ]);
  expect(config.groups[0]).toMatchObject({ name: "default", members: ["diode", "basler:roi_counters:*"] });
  expect(config.data).toEqual({ policy: "basic", folder: join(dirname(config.files[0]!), "data") });
});

test("all that is wrong is said at once, each with its place and what would do", async () => {
  const text = `name: demo
objects:
  roby: { kind: moter, device: id00/motor/roby }
  robz:
    kind: motor
    devise: id00/motor/robz
  diode:
    kind: counter
    device: id00/diode
    attribute: 3
    mode: MEEN
  1st: { kind: camera, device: a/b/c }
grups: {}
data: 7
`;
  expect(await load(text)).toEqual([
    'main.yml:3:17: unknown word "moter"; did you mean motor? Known: motor, counter, camera, spectrometer, gate, formula',
    'main.yml:4:3: "device" is missing: expected text',
    'main.yml:6:5: unknown word "devise"; did you mean device? Known: device, attribute, stop, encoder, decimals',
    'main.yml:9:13: expected a Tango device as domain/family/member, or tango://host:port/domain/family/member, got "id00/diode"',
    "main.yml:10:16: expected text, got 3",
    'main.yml:11:11: unknown word "MEEN"; did you mean MEAN? Known: MEAN, STATS, SAMPLES, SINGLE, LAST, INTEGRATE, INTEGRATE_STATS',
    'main.yml:12:3: expected a name of letters, digits and _ that starts with a letter, as it is typed in the shell, got "1st"',
    'main.yml:13:1: unknown word "grups"; did you mean groups? Known: name, include, objects, groups, data, chain, setup, stream, writer, tango_host',
    "main.yml:14:7: expected words with values (word: value), got 7",
  ]);
});

test.each([
  ["a syntax error", "name: demo\nobjects:\n  roby: {kind: motor\n", /^main\.yml:4:1: .*}/],
  ["a word twice", "name: demo\nname: again\n", /^main\.yml:2:1: Map keys must be unique/],
  ["no name", "objects: {}\n", /^main\.yml:1:1: the session has no name/],
  ["an empty file", "", /^main\.yml:1:1: the session has no name/],
  ["a list", "- name\n", /^main\.yml:1:1: expected words with values \(word: value\), got a list/],
  ["a missing setup script", "name: d\nsetup: up.ts\n", /^main\.yml:2:8: there is no file up\.ts/],
  ["a setup script that is a number", "name: d\nsetup: 3\n", /^main\.yml:2:8: expected the path of a script/],
  ["a stream of another kind", "name: d\nstream: kafka://x\n", /^main\.yml:2:9: expected an address like redis:/],
])("%s", async (_, text, message) => {
  const problems = (await load(text)) as string[];
  expect(problems[0]).toMatch(message);
});

test("groups name objects that can be counted", async () => {
  const text = "name: d\nobjects:\n  m: { kind: motor, device: a/b/m }\n  diode: { kind: camera, device: a/b/c }\n";
  expect(await load(`${text}groups:\n  one: [diod:x]\n  two: [m]\n`)).toEqual([
    "main.yml:6:3: group one: no object diod; did you mean diode? Known: m, diode",
    "main.yml:7:3: group two: m is a motor; a group holds counters",
  ]);
});

test("each policy has its own words", async () => {
  expect(await load("name: d\ndata:\n  policy: esrf\n  folder: x\n")).toEqual([
    "main.yml:2:1: the esrf policy needs the beamline's name: beamline",
    "main.yml:4:11: folder does not belong to the esrf policy",
  ]);
});

test("includes: their objects and groups are taken in first, a file once", async () => {
  const config = (await load({
    "main.yml": "name: d\ninclude: [parts/motors.yml, parts/all.yml]\nobjects:\n  c: { kind: camera, device: a/b/c }\n",
    "parts/motors.yml": "objects:\n  m: { kind: motor, device: a/b/m }\nsetup: up.ts\n",
    "parts/all.yml": "include: [motors.yml]\ndata: { folder: here }\n",
    "parts/up.ts": "",
  })) as SessionConfig;
  expect(config.objects.map(({ spec }) => spec.name)).toEqual(["m", "c"]);
  expect(config.files.map((file) => file.split("/").at(-1))).toEqual(["motors.yml", "all.yml", "main.yml"]);
  expect(config.setup[0]).toMatch(/parts\/up\.ts$/);
  expect(config.data.folder).toMatch(/parts\/here$/);
});

test("a folder in place of a file is told as one", async () => {
  const problems = await load({ "main.yml": "name: d\ninclude: [parts]\n", "parts/a.yml": "name: a\n" });
  expect(problems).toEqual(["main.yml:2:11: parts is a folder; name a session file in it, e.g. parts/session.yml"]);
});

test("includes: missing, in a circle, defining the same", async () => {
  const problems = await load({
    "main.yml": "name: d\ninclude: [gone.yml, a.yml]\nobjects:\n  m: { kind: motor, device: a/b/m }\n",
    "a.yml": "include: [main.yml]\nobjects:\n  m: { kind: motor, device: a/b/m }\n",
  });
  expect(problems).toEqual([
    "main.yml:2:11: there is no file gone.yml",
    "a.yml:1:11: main.yml includes itself: main.yml -> a.yml -> main.yml",
    "main.yml:4:3: m is already defined at a.yml:3:3",
  ]);
});

test("the environment", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: YAML's, not ours
  const text = "name: d\nobjects:\n  m: { kind: motor, device: '${BEAMLINE}/motor/${AXIS:-m}' }\n";
  const config = (await load(text, { BEAMLINE: "id00" })) as SessionConfig;
  expect(config.objects[0]?.spec).toMatchObject({ device: "id00/motor/m" });
  expect(await load(text)).toEqual([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: YAML's, not ours
    "main.yml:3:29: the environment has no BEAMLINE; set it, or give a default: ${BEAMLINE:-default}",
  ]);
});

test("anchors and merge keys: a problem is shown where the words are", async () => {
  const text = "name: d\nobjects:\n  a: &base { kind: motor, device: a/b/c }\n  b: { <<: *base, device: x }\n";
  expect(await load(text)).toEqual([expect.stringMatching(/^main\.yml:4:27: expected a Tango device/)]);
});

test("regions of interest of cameras and spectrometers", async () => {
  const text = `name: d
objects:
  cam:
    kind: camera
    device: a/b/c
    rois: { r1: { x: 0, y: 0, width: 8, height: 8 }, ring: { cx: 1, cy: 1, r1: 2, r2: 3, a1: 0, a2: 90 } }
    profiles: { across: { x: 0, y: 0, width: 8, height: 8, direction: horizontal } }
    collection: [{ x: 0, y: 0, width: 2, height: 2 }]
    beam: true
  mca: { kind: spectrometer, device: a/b/m, rois: { Fe: { start: 10, stop: 20, sum: true } } }
`;
  const config = (await load(text)) as SessionConfig;
  expect(config.objects[0]?.spec).toMatchObject({ profiles: { across: { direction: "horizontal" } }, beam: true });
  expect(config.objects[1]?.spec).toMatchObject({ rois: { Fe: { start: 10, stop: 20, sum: true } } });
  expect(await load(text.replace("y: 0, ", "").replace("stop: 20", "stopp: 20"))).toEqual([
    "main.yml:6:13: expected a region: { x, y, width, height }, or { cx, cy, r1, r2, a1, a2 }",
    'main.yml:10:53: "stop" is missing: expected a number',
    'main.yml:10:70: unknown word "stopp"; did you mean stop? Known: start, stop, detectors, sum',
  ]);
});
