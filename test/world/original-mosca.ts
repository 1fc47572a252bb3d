// SPDX-License-Identifier: MIT
// The server of MOSCA's authors (mosca 2.0.5 from PyPI) with its simulated FalconX of 8 detectors, on our database.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedDatabase } from "./embedded-database.ts";
import { peersFolder } from "./peers.ts";
import { run } from "./process.ts";

const launcher = process.env.BANDONEON_MOSCA ?? join(peersFolder, "mosca/bin/mosca");
/** Why it cannot be had here; "" when it can. */
export const originalMoscaMissing = existsSync(launcher) ? "" : `needs mosca 2.0.5 as ${launcher} (BANDONEON_MOSCA)`;

export interface OriginalMosca extends AsyncDisposable {
  /** TANGO_HOST. */
  readonly host: string;
  /** The main device. */
  readonly device: string;
}

export async function originalMosca(): Promise<OriginalMosca> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "original-mosca-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "falconx.ini"), falconxConfiguration());
  const { host, env } = stack.use(await embeddedDatabase());
  execFileSync(launcher, ["bench", "--register", "mb", "simfalconx"], { env, stdio: "ignore" });
  for (const [name, value] of [
    ["default_ini_dir", folder],
    ["default_ini_file", "falconx.ini"],
  ] as const)
    execFileSync("tango_admin", ["--add-property", "mb/simfalconx/bench", name, value], { env });
  stack.use(await run(launcher, ["bench"], { env, ready: /Ready to accept request/ }));
  const owned = stack.move();
  return { host, device: "mb/mosca/bench", [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Two modules of four channels, as its simulator wants it said; spectra of `channels`. */
export function falconxConfiguration(channels = 4096): string {
  const section = (name: string, items: readonly Readonly<Record<string, unknown>>[]) =>
    [
      `[${name} definitions]`,
      ...items.flatMap((item, n) => [
        `START #${n}`,
        ...Object.entries(item).map(([k, v]) => `${k} = ${v}`),
        `END #${n}`,
      ]),
    ].join("\n");
  const eight = Array.from({ length: 8 }, (_, channel) => channel);
  const defaults = {
    number_mca_channels: `${channels}.0`,
    mapping_mode: "0.0",
    preset_type: "1.0",
    preset_value: "1.0",
    num_map_pixels: "1.0",
    num_map_pixels_per_buffer: "1.0",
    pixel_advance_mode: "1.0",
    gate_ignore: "1.0",
    input_logic_polarity: "0.0",
    mca_refresh: "0.1",
    gate_mode: "1.0",
  };
  const modules = [0, 1].map((module) => ({
    alias: `module${module}`,
    module_type: "falconxn",
    number_of_channels: 4,
    ...Object.fromEntries([0, 1, 2, 3].map((channel) => [`channel${channel}_alias`, 4 * module + channel])),
  }));
  return [
    section(
      "detector",
      eight.map((id) => ({ alias: `detector${id}`, number_of_channels: 1 })),
    ),
    section("firmware", [{ alias: "firmware0", ptrr: 0 }]),
    section(
      "default",
      eight.map((id) => ({ alias: `defaults${id}`, ...defaults })),
    ),
    section("module", modules),
    "",
  ].join("\n");
}
