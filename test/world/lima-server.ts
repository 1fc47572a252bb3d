// SPDX-License-Identifier: MIT
// A LimaCCDs server with the simulated camera, as a process of its own without a database.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./ports.ts";
import { run } from "./process.ts";

const launcher = join(import.meta.dirname, "../../bin/LimaCCDs");

export interface LimaServer extends AsyncDisposable {
  /** An empty folder, removed with the server. */
  readonly folder: string;
  /** The full name of its device of a class, by the family of its name: "limaccds", "roicounter" ... */
  readonly trl: (family: string) => string;
}

const classes: Readonly<Record<string, string>> = {
  simulator: "Simulator",
  limaccds: "LimaCCDs",
  roicounter: "RoiCounterDeviceServer",
  roi2spectrum: "Roi2spectrumDeviceServer",
  roicollection: "RoiCollectionDeviceServer",
  backgroundsubstraction: "BackgroundSubstractionDeviceServer",
  flatfield: "FlatfieldDeviceServer",
  mask: "MaskDeviceServer",
  bpm: "BpmDeviceServer",
  peakfinder: "PeakFinderDeviceServer",
  liveviewer: "LiveViewer",
};

export async function limaServer(): Promise<LimaServer> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "lima-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const devices = Object.entries(classes).map(([family, name]) => `${name}::id00/${family}/simu`);
  const args = ["simu", "-nodb", "-dlist", devices.join(), "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
  stack.use(await run(launcher, args, { ready: /Ready to accept request/ }));
  const owned = stack.move();
  return {
    folder,
    trl: (family) => `tango://127.0.0.1:${port}/id00/${family}/simu#dbase=no`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
