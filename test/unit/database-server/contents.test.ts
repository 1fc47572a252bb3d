// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { commands } from "../../../servers/database/commands/index.ts";
import { type Contents, noContents } from "../../../servers/database/contents/contents.ts";
import { formatDsconfig, parseDsconfig } from "../../../servers/database/contents/dsconfig.ts";
import { plan } from "../../../servers/database/contents/plan.ts";
import { type Call, readContents } from "../../../servers/database/contents/read.ts";
import { formatResources, parseResources } from "../../../servers/database/contents/resource-file.ts";
import { formatYaml, parseYaml } from "../../../servers/database/contents/yaml.ts";
import { openStore, type Store } from "../../../servers/database/store/store.ts";

/** The commands of a store as a client would call them. */
const callsOf =
  (store: Store): Call =>
  async (command, argument) =>
    (commands[command as keyof typeof commands] as (store: Store, argument: unknown) => unknown)(store, argument);

const beamline = `
servers:
  SimulatedMotor/demo:
    starter: { host: lab1, level: 2 }
    devices:
      id00/motor/roby:
        class: SimulatedMotor
        alias: roby
        properties: { Axis: 1, Names: [a, 'say "b", \\c', ""] }
        attributes: { Position: { unit: mm, enum_labels: [A, B] } }
      id00/motor/robz: { class: SimulatedMotor }
classes:
  SimulatedMotor: { properties: { Vendor: us }, attributes: { Position: { label: x } } }
objects:
  CtrlSystem: { EventBufferHwm: 2000 }
`;
const wanted = parseYaml(beamline, "beamline.yml");

async function apply(store: Store, want: Contents, options = {}): Promise<string[]> {
  const call = callsOf(store);
  const changes = plan(await readContents(call), want, options);
  for (const { command, argument } of changes) await call(command, argument);
  return changes.map(({ text }) => text);
}

test("a file is applied, then nothing is left to do; what it does is told", async () => {
  using store = openStore(":memory:");
  expect(await apply(store, wanted)).toEqual([
    "+ device id00/motor/roby: SimulatedMotor of SimulatedMotor/demo",
    "~ alias roby -> id00/motor/roby",
    '+ id00/motor/roby->Axis: "1"',
    '+ id00/motor/roby->Names: ["a","say \\"b\\", \\\\c",""]',
    '+ id00/motor/roby/Position->unit: "mm"',
    '+ id00/motor/roby/Position->enum_labels: ["A","B"]',
    "+ device id00/motor/robz: SimulatedMotor of SimulatedMotor/demo",
    "~ server SimulatedMotor/demo: on lab1",
    "~ server SimulatedMotor/demo: not running",
    "~ server SimulatedMotor/demo: level 2 on lab1",
    '+ SimulatedMotor->Vendor: "us"',
    '+ SimulatedMotor/Position->label: "x"',
    '+ CtrlSystem->EventBufferHwm: "2000"',
  ]);
  expect(await apply(store, wanted)).toEqual([]);
  expect(commands.DbGetDeviceProperty(store, ["roby", "Axis"])).toEqual(["roby", "1", "Axis", "0", " "]);
  expect(commands.DbGetAliasDevice(store, "ROBY")).toBe("id00/motor/roby");
});

test("devices that a complete file does not name go; other servers stay unless pruned", async () => {
  using store = openStore(":memory:");
  await apply(store, wanted);
  const less = parseYaml(
    "servers: { SimulatedMotor/demo: { devices: { ID00/motor/ROBY: { class: simulatedmotor } } } }",
    "f",
  );
  expect(await apply(store, less)).toEqual([]);
  expect(await apply(store, less, { complete: true })).toEqual(["- device id00/motor/robz of SimulatedMotor/demo"]);
  const pruned = await apply(store, less, { prune: true });
  expect(pruned).toContain("- server TangoTest/test");
  expect(pruned).toContain("- ID00/motor/ROBY->Axis");
  expect(pruned).toContain("- SimulatedMotor/Position->label");
  expect(await apply(store, less, { prune: true })).toEqual([]);
});

test("a device that moves to another server keeps its properties and alias", async () => {
  using store = openStore(":memory:");
  await apply(store, wanted);
  const moved = parseYaml(
    "servers: { SimulatedMotor/two: { devices: { id00/motor/roby: { class: SimulatedMotor, alias: roby } } } }",
    "f",
  );
  expect(await apply(store, moved)).toEqual([
    "~ device id00/motor/roby: SimulatedMotor of SimulatedMotor/two",
    "~ alias roby -> id00/motor/roby",
  ]);
  expect(commands.DbGetDeviceProperty(store, ["id00/motor/roby", "Axis"]).at(-1)).toBe("1");
});

test.each([
  ["dsconfig", formatDsconfig, parseDsconfig],
  ["resource file", formatResources, parseResources],
  ["YAML", formatYaml, parseYaml],
] as const)("%s: what is written is read back", (kind, format, parse) => {
  const back = parse(format(wanted), "file");
  const { alias: _alias, ...unnamed } = wanted.servers["SimulatedMotor/demo"]!.devices["id00/motor/roby"]!;
  const roby = back.servers["SimulatedMotor/demo"]!.devices["id00/motor/roby"];
  expect(roby).toEqual(kind === "resource file" ? unnamed : { ...unnamed, alias: "roby" });
  expect(back.classes).toEqual(wanted.classes);
  if (kind !== "dsconfig") expect(back.objects).toEqual(wanted.objects);
  if (kind === "YAML") expect(back).toEqual(wanted);
});

test("a resource file as Jive writes it", () => {
  const text = `#---------------------------------------------------------
# SERVER TangoTest/test, TangoTest device declaration
#---------------------------------------------------------

TangoTest/test/DEVICE/TangoTest: "sys/tg_test/1",\\ 
                                 "sys/tg_test/2"

# --- sys/tg_test/1 properties

SYS/tg_test/1->mthreaded_impl: 0
sys/tg_test/1->multi: "a line
and another",\\ 
                      b c,
                      "d, \\"e\\""
sys/tg_test/1/double_scalar->unit: mm
CLASS/TangoTest->doc_url: "http://x:1/y"
FREE/CtrlSystem->Services: 
`;
  const { servers, classes, objects } = parseResources(text, "jive.res");
  const devices = servers["TangoTest/test"]!.devices;
  expect(Object.keys(devices)).toEqual(["sys/tg_test/1", "sys/tg_test/2"]);
  expect(devices["sys/tg_test/1"]!.properties).toEqual({
    mthreaded_impl: ["0"],
    multi: ["a line\nand another", "b c", 'd, "e"'],
  });
  expect(devices["sys/tg_test/1"]!.attributes).toEqual({ double_scalar: { unit: ["mm"] } });
  expect(classes.TangoTest!.properties).toEqual({ doc_url: ["http://x:1/y"] });
  expect(objects).toEqual({ CtrlSystem: { Services: [] } });
});

test.each([
  ["servers:\n  Motor: { devices: {} }", /^beam\.yml:2:3: servers > Motor: a server is named Server\/instance/],
  [
    "servers:\n  M/d:\n    devices:\n      a/b: { class: M }",
    /^beam\.yml:4:7: servers > M\/d > devices > a\/b: a device is named domain/,
  ],
  ["servers:\n  M/d:\n    devices:\n      a/b/c: { klass: M }", /^beam\.yml:4:14: .*class: /],
  ["servers: [", /^beam\.yml:1:/],
  [
    "servers:\n  M/d:\n    devices: { a/b/c: { class: M, properties: { p: { q: 1 } } } }",
    /^beam\.yml:3:\d+: .* properties > p/,
  ],
])("wrong YAML %j is told with line and column", (text, message) => {
  expect(() => parseYaml(text, "beam.yml")).toThrow(message);
});

test("other wrong files are told too", () => {
  expect(() => parseResources("nonsense", "a.res")).toThrow('a.res:1: expected "key: value", not "nonsense"');
  expect(() => parseResources("\n\na/b: 1", "a.res")).toThrow('a.res:3: "a/b" is neither');
  expect(() => parseResources('a/b/c->p: "open', "a.res")).toThrow("a.res:1: a quote is opened and never closed");
  expect(() => parseResources("a/b/c->p: 1", "a.res")).toThrow(
    "a.res: a/b/c has properties, but no Server/instance/DEVICE line",
  );
  expect(() => parseDsconfig("{", "a.json")).toThrow(/^a\.json: /);
  expect(() => parseDsconfig('{"servers":{"S":{"i":{"C":{"a/b/c":{"propertys":{}}}}}}}', "a.json")).toThrow(
    /propertys[\s\S]*a\/b\/c/,
  );
  expect(plan(noContents, noContents)).toEqual([]);
});
