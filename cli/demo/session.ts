// SPDX-License-Identifier: MIT
// The demo's session: the devices of session.yml as scans know them, where its data go, and its first scan.
import { join } from "node:path";
import { loadConfig, openSession } from "../../config/index.ts";
import { ascan, basicPolicy, fileSettings, type Session, showScan, sinksTogether } from "../../scanning/index.ts";
import { nexusSink, openDataStore, streamSink } from "../../writers/index.ts";
import { tangoFactories } from "../factories.ts";
import type { FindDevices } from "../shell/completion.ts";
import { exportedDevices } from "../shell/devices.ts";
import type { Beamline } from "./beamline.ts";
import type { StateFolder } from "./state.ts";

export interface DemoSession extends AsyncDisposable {
  readonly session: Session;
  /** Further names for the shell. */
  readonly names: Readonly<Record<string, unknown>>;
  /** Names of the devices of its control system that begin with a text. */
  readonly devices: FindDevices;
  /** The data file of its scans. */
  readonly file: string;
  /** A step scan of 21 points with everything there is. */
  firstScan(signal: AbortSignal): Promise<void>;
}

export async function openDemoSession({ system, stream, folder }: Beamline, state: StateFolder): Promise<DemoSession> {
  const config = await loadConfig(join(folder, "session.yml"));
  await using stack = new AsyncDisposableStack();
  const settings = await fileSettings(join(state.root, "settings.json"));
  // A laptop whose disk is full will not be emptied while a person waits: say so soon.
  const opening = [
    nexusSink({ room: { reserve: 20e6, period: 250, patience: 1500 } }),
    openDataStore(stream, { init: true }),
  ] as const;
  // One is released when the other fails.
  for (const result of await Promise.allSettled(opening)) if (result.status === "fulfilled") stack.use(result.value);
  const [file, store] = [await opening[0], await opening[1]];
  const problems: string[] = [];
  const { session, names } = stack.use(
    await openSession(config, {
      factories: tangoFactories(system),
      settings,
      sink: sinksTogether(streamSink(store), file),
      warn: (message) => void problems.push(message),
    }),
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
  session.policy = basicPolicy("demo", { base_path: state.data });
  const owned = stack.move();
  return {
    session,
    names,
    devices: exportedDevices(system),
    file: join(state.data, "demo", "data.h5"),
    firstScan: async (signal) => {
      const run = session.start(ascan(session.axis("robx"), 0, 10, 20, 0.05), { signal });
      await showScan(run, process.stdout);
      await run.done();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
