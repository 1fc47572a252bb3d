// SPDX-License-Identifier: MIT
// Servers that register themselves, as MOSCA's: `Mosca <instance> --register <prefix> <mca_type>` puts the devices of a new
// server into the database; what a server lacks beside them is added when it starts.
import { type ControlSystem, controlSystem, type TangoEnvironment, tangoEnvironment } from "../../tango/index.ts";

/** The hardware device by mca_type: its class, and a property it cannot do without. */
export const hardwareClasses: Readonly<Record<string, { readonly name: string; readonly needs?: string }>> = {
  simfalconx: { name: "SimFalconX" },
  simdante: { name: "SimDante" },
  dummy: { name: "Dummy" },
  falconx: { name: "FalconX", needs: "address (or default_ini_file)" },
  oceanoptics: { name: "OceanOptics", needs: "address" },
};
const simulated = ["SimFalconX", "SimDante"];

export interface Registration {
  readonly instance: string;
  readonly prefix: string;
  readonly mcaType: string;
  /** Also where devices of these names are registered already. */
  readonly overwrite: boolean;
}

/** What the command line asks to register; undefined when it asks to run. @throws RangeError for half a request */
export function registrationAsked(args: readonly string[]): Registration | undefined {
  const place = args.indexOf("--register");
  if (place < 0) return undefined;
  const [prefix, mcaType] = args.slice(place + 1);
  const instance = args.find((word, at) => !word.startsWith("-") && at !== place + 1 && at !== place + 2);
  if (!instance || !prefix || !mcaType || mcaType.startsWith("-"))
    throw new RangeError("usage: Mosca <instance> --register <prefix> <mca_type>");
  return { instance, prefix, mcaType: mcaType.toLowerCase(), overwrite: args.includes("--overwrite") };
}

/**
 * Registers a server; gives lines that say which devices it has, and what is left to do.
 * @throws Error when a device of its names is there already, or the mca_type is none; DevFailed when there is no database.
 */
export async function register(
  { instance, prefix, mcaType, overwrite }: Registration,
  env: TangoEnvironment = tangoEnvironment(),
): Promise<readonly string[]> {
  const hardware = hardwareClasses[mcaType];
  if (!hardware)
    throw new RangeError(`mca_type must be one of ${Object.keys(hardwareClasses).join(", ")} (was: ${mcaType})`);
  await using system = controlSystem({ env });
  const database = system.database();
  const server = `Mosca/${instance}`;
  const devices = { mosca: "Mosca", moscav1: "MoscaV1", [mcaType]: hardware.name };
  const names = Object.keys(devices).map((family) => `${prefix}/${family}/${instance}`);
  const there = overwrite ? [] : (await Promise.all(names.map((name) => database.devices(name)))).flat();
  if (there.length > 0) throw new Error(`Device ${there[0]} already exists!`);
  for (const [at, name] of Object.values(devices).entries())
    await database.addDevice(server, { device: names[at] ?? "", class: name });
  await database.deviceProperties(names[0] ?? "").write({ mca_type: [mcaType] });
  await addMissing(database, server);
  const all = (await database.devicesOfServer(server)).map(({ device }) => ` - ${device}`);
  const left = hardware.needs ? [`Set the property ${hardware.needs} of ${names[2]} before you start it.`] : [];
  return [`${server}:`, ...all, ...left];
}

/**
 * Adds what a server lacks: saving, background, and the generator of simulated hardware. Does nothing for one that is not in
 * the database, or runs without one (`-nodb`, `-file`). @throws DevFailed when the database cannot be reached
 */
export async function registerMissing(
  args: readonly string[],
  env: TangoEnvironment = tangoEnvironment(),
): Promise<void> {
  const [instance] = args;
  if (!instance || instance.startsWith("-") || args.some((arg) => arg === "-nodb" || arg.startsWith("-file="))) return;
  await using system = controlSystem({ env });
  await addMissing(system.database(), `Mosca/${instance}`);
}

type Database = ReturnType<ControlSystem["database"]>;

async function addMissing(database: Database, server: string): Promise<void> {
  const devices = await database.devicesOfServer(server);
  const classes = new Set(devices.map((device) => device.class.toLowerCase()));
  const main = devices.find((device) => device.class.toLowerCase() === "mosca");
  if (!main) return;
  const [prefix, , member] = main.device.split("/");
  const wanted = [
    ["Background", "Background"],
    ["Saving", "Saving"],
  ];
  if (simulated.some((name) => classes.has(name.toLowerCase()))) wanted.push(["generator", "Generator"]);
  for (const [family = "", name = ""] of wanted)
    if (!classes.has(name.toLowerCase()))
      await database.addDevice(server, { device: `${prefix}/${family}/${member}`, class: name });
}
