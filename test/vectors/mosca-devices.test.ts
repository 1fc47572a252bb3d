// SPDX-License-Identifier: MIT
// Every device of MOSCA 2.0.5 as recorded from fresh servers (Dummy, SimFalconX, SimDante), member by member: type,
// dimensions, access, labels, level, arguments, properties, first value and State. Ours may have more members.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type DeviceProxy } from "../../tango/index.ts";
import { danteWorld, dummyWorld, falconxWorld, type MoscaFixtures, moscaFixtures } from "../world/mosca.ts";

type Attribute = readonly [
  type: string,
  format: string,
  maxX: number,
  maxY: number,
  access: string,
  level: string,
  labels: readonly string[],
  first: unknown,
];
interface Recorded {
  readonly state: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly commands: Readonly<Record<string, readonly [input: string, output: string, level: string]>>;
  /** Default by name. */
  readonly properties: Readonly<Record<string, string>>;
}
const recorded: Readonly<Record<string, Recorded>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "mosca/devices.json"), "utf8"),
);

let fixtures: MoscaFixtures;
beforeAll(async () => void (fixtures = await moscaFixtures()));
afterAll(() => fixtures[Symbol.dispose]());

/** State, or a first value, that is another here, and why. */
const differences: Readonly<Record<string, string>> = {
  State: "is ON where the original never sets one",
  Status: "says what State says",
  start_epoch: "is the time",
  init_message: "can be read",
  hdf5_use_swmr: "can be read",
  zarr_points_per_chunk: "can be read",
  supported_modes: "zarr is not there",
  channels_module_and_index: "is refused in our words",
  config: "is refused in our words where there are no configuration files",
  config_path: "as config",
  refresh_rate: "as config",
  gate_ignore: "follows the parameters, not the configuration file",
  num_map_pixels: "as gate_ignore",
  preset_type: "as gate_ignore",
  modules: "module by module",
};

async function said(device: DeviceProxy, wanted: Recorded): Promise<Omit<Recorded, "properties">> {
  const [configs, commandInfos] = await Promise.all([device.attributes(), device.commands()]);
  const names = Object.keys(wanted.attributes);
  const values = await device.readAttributes(names);
  const attributes = names.map((name, at) => {
    const config = configs.find((one) => one.name === name);
    if (!config) return [name, "is not there"] as const;
    const { type, format, maxX, maxY, access, level, enumLabels } = config;
    const first = name in differences ? wanted.attributes[name]?.at(-1) : plain(values[at]);
    return [name, [type, format, maxX, maxY, access, level, [...enumLabels], first]] as const;
  });
  const commands = commandInfos
    .filter(({ name }) => name in wanted.commands)
    .map(({ name, input, output, level }) => [name, [input, output, level]] as const);
  const state = String(await device.read("State"));
  return { state, attributes: Object.fromEntries(attributes) as never, commands: Object.fromEntries(commands) };
}
function plain({ value, error }: { readonly value?: unknown; readonly error?: Error | undefined } = {}): unknown {
  if (error) return `fails: ${error.message}`;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (typeof value === "string") return value.replace(fixtures.configurations, "<cfgdir>");
  return typeof value === "bigint" ? Number(value) : value;
}

test.each(Object.keys(recorded))("%s", async (name) => {
  const wanted = recorded[name];
  if (!wanted) throw new Error(`nothing recorded of ${name}`);
  await using world = await (name.endsWith("modummy")
    ? dummyWorld()
    : name.endsWith("mosimfx")
      ? falconxWorld(fixtures)
      : danteWorld(fixtures));
  await using device = await connect(world.trl(name));
  const { state, attributes, commands, properties } = wanted;
  // Devices without a state of their own say UNKNOWN there, ON here.
  expect(await said(device, wanted)).toEqual({ state: state === "UNKNOWN" ? "ON" : state, attributes, commands });
  await using admin = await connect(world.trl(await device.adminName()));
  const triplets = (await admin.call("QueryWizardDevProperty", (await device.info()).class)) as string[];
  const declared = triplets.filter((_, at) => at % 3 === 0);
  expect(declared).toEqual(expect.arrayContaining(Object.keys(properties)));
});
