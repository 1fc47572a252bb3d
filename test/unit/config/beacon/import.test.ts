// SPDX-License-Identifier: MIT
// A tree in Beacon's words becomes a session file that our loader takes, and a file of devices.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { importBeacon, loadConfig, readBeaconTree } from "../../../../config/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "beacon-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = {
  "EH/motors/__init__.yml": "plugin: emotion\n",
  "EH/motors/ice.yml": `
- class: icepap
  host: iceeh1
  axes:
    - { name: robx, address: 3, steps_per_unit: 1000, velocity: 10.0, acceleration: 50, low_limit: -5, high_limit: 5, unit: mm }
    - { name: s1u, address: 4, steps_per_unit: -500 }
    - { name: s1d, address: 5, steps_per_unit: 500 }
    - { name: unused, address: 6, steps_per_unit: 500 }
- class: PI_E51X
  axes: [{ name: piezo, channel: 1 }]
- class: slits
  axes:
    - { name: $s1u, tags: real up }
    - { name: $s1d, tags: real down }
    - { name: s1vg, tags: vgap }
    - { name: s1vo, tags: voffset }
- class: tango_attr_as_motor
  axes:
    - { name: energy, uri: "//srv:10000/mono/dcm/1", pos_attr: Energy, stop_cmd: Abort }
`,
  "EH/detectors.yml": `
- { class: Lima, name: basler, tango_url: id00/limaccds/basler }
- { class: FalconX, package: bliss.controllers.mosca.xia, name: fx, tango_name: id00/falconx/1 }
- class: tango_attr_as_counter
  uri: fe/id/11
  counters:
    - { name: srcur, attr_name: SR_Current, unit: mA }
    - { name: seventh, attr_name: Spectrum, index: 7 }
- class: ExpressionCalcCounter
  name: norm
  unit: "%"
  expression: gain * a / b
  constants: { gain: 100 }
  inputs:
    - { counter: $srcur, tags: a }
    - { counter: "$basler:roi_counters:r1_sum", tags: b }
- { class: opiom, name: multiplexer }
`,
  "sessions/eh1.yml": `
class: Session
name: eh1
setup-file: ./eh1_setup.py
config-objects: [robx, s1vg, s1vo, energy, basler, fx, srcur, norm]
`,
  "sessions/mgs.yml": "class: MeasurementGroup\nname: align_counters\ncounters: [srcur, norm, gone]\n",
  "broken.yml": "a: [1\n",
};
function tree(): Promise<Awaited<ReturnType<typeof readBeaconTree>>> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return readBeaconTree(folder);
}

test("the objects of a session, their devices, and what was left", async () => {
  const { session, database, left } = importBeacon(await tree(), { session: "eh1", domain: "id00" });
  expect(session).toEqual({
    name: "eh1",
    objects: {
      basler: { kind: "camera", device: "id00/limaccds/basler" },
      fx: { kind: "spectrometer", device: "id00/falconx/1" },
      srcur: { kind: "counter", device: "fe/id/11", attribute: "SR_Current", unit: "mA" },
      norm: {
        ...{ kind: "formula", formula: "(100) * a / b", unit: "%" },
        inputs: { a: "srcur", b: "basler:roi_counters:r1_sum" },
      },
      robx: { kind: "motor", device: "id00/motor/robx" },
      s1vg: { kind: "motor", device: "id00/slits/s1vg", attribute: "gap" },
      s1vo: { kind: "motor", device: "id00/slits/s1vg", attribute: "offset" },
      energy: { kind: "motor", device: "tango://srv:10000/mono/dcm/1", attribute: "Energy", stop: "Abort" },
    },
    groups: { align_counters: ["srcur", "norm"] },
  });
  const blade = (Address: number, StepsPerUnit: number) => ({ class: "IcepapMotor", properties: { Host: "iceeh1", Address, StepsPerUnit } }); // biome-ignore format: one glance
  expect(database).toEqual({
    servers: {
      "IcePAP/id00": {
        devices: {
          "id00/motor/robx": {
            class: "IcepapMotor",
            properties: {
              ...{ StepsPerUnit: 1000, Velocity: 10, Acceleration: 50, LowLimit: -5, HighLimit: 5, Unit: "mm" },
              ...{ Host: "iceeh1", Address: 3 },
            },
          },
          "id00/motor/s1u": blade(4, -500),
          "id00/motor/s1d": blade(5, 500),
        },
      },
      "PseudoMotor/id00": {
        devices: {
          "id00/slits/s1vg": {
            class: "PseudoMotor",
            properties: { Geometry: "slits", Reals: ["id00/motor/s1d", "id00/motor/s1u"] },
          },
        },
      },
    },
  });
  expect(left).toEqual([
    expect.stringMatching(/^broken\.yml:1:1: line \d: /),
    "EH/detectors.yml:17:3: multiplexer: class opiom is not known here",
    "EH/motors/ice.yml:9:3: motor controller of class PI_E51X: piezo need a Tango server of their own",
    "sessions/eh1.yml:2:1: setup-file ./eh1_setup.py is Python; write it anew as a setup script",
    "measurement group align_counters: gone not among the objects",
  ]);
});

test("what comes out is a session file that can be used", async () => {
  const { session } = importBeacon(await tree());
  const file = join(folder, "out.yml");
  writeFileSync(file, stringify(session));
  const loaded = await loadConfig(file);
  expect(loaded.objects.map(({ spec }) => spec.name).toSorted()).toEqual(
    ["basler", "energy", "fx", "norm", "robx", "s1d", "s1u", "s1vg", "s1vo", "seventh", "srcur", "unused"],
  ); // biome-ignore format: a list
});

test("a session that is not there is told with those that are", async () => {
  const read = await tree();
  expect(() => importBeacon(read, { session: "eh2" })).toThrow("no session eh2; there are eh1");
});

const larger = {
  "__init__.yml": `
scan_saving:
  class: ESRFScanSaving
  beamline: id00
  tmp_data_root: "/data/{beamline}/tmp"
  visitor_data_root: /data/visitor
  inhouse_data_root: "/data/{beamline}/inhouse"
`,
  "mono.yml": `
- class: mockup
  encoders: [{ name: bragg_enc, steps_per_unit: 5000 }, { name: spare_enc }]
  axes:
    - { name: bragg, steps_per_unit: 10000, encoder: $bragg_enc, unit: deg }
- class: EnergyWavelength
  dspace: 3.13542
  axes:
    - { name: $bragg, tags: real monoang }
    - { name: energy, tags: energy }
    - { name: lambda, tags: wavelength }
`,
  "detectors.yml": `
- { class: Lima, name: basler, tango_url: id00/limaccds/basler }
- { class: FalconX, package: bliss.controllers.mosca.xia, name: fx, tango_name: id00/falconx/1 }
- class: tango_attr_as_counter
  uri: fe/id/11
  counters: [{ name: srcur, attr_name: SR_Current, format: "%6.2f" }, { name: seventh, attr_name: Spectrum, index: 7 }]
- name: chain
  plugin: default
  chain_config:
    - { device: $fx, master: $basler, acquisition_settings: { trigger_mode: SYNC, npoints: 3 } }
    - { device: $gone, acquisition_settings: { acq_trigger_mode: EXTERNAL_GATE } }
`,
  "sessions/eh1.yml": `
class: Session
name: eh1
setup-file: ./scripts/eh1.py
include-sessions: [optics, nothere]
config-objects: [basler, fx, srcur]
aliases:
  - { original_name: srcur, alias_name: ring }
`,
  "sessions/optics.yml":
    "class: Session\nname: optics\ninclude-sessions: [eh1]\nconfig-objects: [energy, bragg, seventh]\n",
  "sessions/scripts/eh1.py": `
from bliss.setup_globals import *
load_script("macros")
GAIN = 3
def open_shutter():
    inner = 1
class Attenuator:
    pass
`,
  "sessions/mgs.yml": `
- { class: MeasurementGroup, name: base, counters: [srcur] }
- { class: MeasurementGroup, name: all, include: [base, all, none], counters: ["basler:image"] }
`,
};

test("sessions included, aliases, groups in groups, encoders, the data policy, the chain; Python is told by what it makes", async () => {
  for (const [name, text] of Object.entries(larger)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { session, database, left } = importBeacon(await readBeaconTree(folder), { session: "eh1", domain: "id00" });
  expect(session).toEqual({
    name: "eh1",
    objects: {
      basler: { kind: "camera", device: "id00/limaccds/basler" },
      fx: { kind: "spectrometer", device: "id00/falconx/1" },
      ring: { kind: "counter", device: "fe/id/11", attribute: "SR_Current", decimals: 2 },
      seventh: { kind: "counter", device: "fe/id/11", attribute: "Spectrum", index: 7 },
      bragg: { kind: "motor", device: "id00/motor/bragg", encoder: "Measured_Position" },
      energy: { kind: "motor", device: "id00/mono/energy", attribute: "energy" },
    },
    groups: { base: ["ring"], all: ["basler:image", "ring"] },
    data: {
      policy: "esrf",
      beamline: "id00",
      roots: { visitor: "/data/visitor", inhouse: "/data/id00/inhouse", tmp: "/data/id00/tmp" },
    },
    chain: [{ device: "fx", master: "basler", trigger: "external" }],
  });
  const { servers } = database as { servers: Record<string, { devices: Record<string, { properties: object }> }> };
  expect(servers["SimulatedMotor/id00"]?.devices["id00/motor/bragg"]?.properties).toEqual({
    ...{ StepsPerUnit: 10000, Unit: "deg", EncoderStepsPerUnit: 5000 },
  });
  expect(servers["PseudoMotor/id00"]?.devices["id00/mono/energy"]?.properties).toEqual({
    ...{ Geometry: "energy", Parameters: ["d=3.13542"], Reals: ["id00/motor/bragg"] },
  });
  expect(left).toEqual([
    "detectors.yml:7:3: chain of fx: its settings npoints; give them in the device's own words",
    "mono.yml:2:3: encoders spare_enc: no axis here is read by them",
    "mono.yml:6:3: axis lambda: the wavelength moves with energy",
    "sessions/eh1.yml:2:1: setup-file ./scripts/eh1.py is Python, it makes load_script macros, GAIN, open_shutter, Attenuator; write it anew as a setup script",
    "sessions/eh1.yml:2:1: include-sessions nothere: there are none of that name",
    "measurement group all: it includes none, which is none",
    "chain of gone: gone not among the objects",
  ]);
  const file = join(folder, "out.yml");
  writeFileSync(file, stringify(session));
  expect((await loadConfig(file)).objects).toHaveLength(6);
});
