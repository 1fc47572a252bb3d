// SPDX-License-Identifier: MIT
// The demo's session: the devices of session.yml as scans know them, where its data go, and its first scan.
import { join } from "node:path";
import { loadConfig, openSession } from "../../config/index.ts";
import { ascan, basicPolicy, fileSettings, type Session, showScan, sinksTogether } from "../../scanning/index.ts";
import { nexusSink, openDataStore, streamSink } from "../../writers/index.ts";
import { tangoFactories } from "../factories.ts";
import { type Beamline, exampleFolder } from "./beamline.ts";
import type { StateFolder } from "./state.ts";

export interface DemoSession extends AsyncDisposable {
  readonly session: Session;
  /** The data file of its scans. */
  readonly file: string;
  /** A step scan of 21 points with everything there is. */
  firstScan(signal: AbortSignal): Promise<void>;
}

export async function openDemoSession({ system, stream }: Beamline, state: StateFolder): Promise<DemoSession> {
  await using stack = new AsyncDisposableStack();
  const [config, file, store, settings] = await Promise.all([
    loadConfig(join(exampleFolder, "session.yml")),
    nexusSink(),
    openDataStore(stream, { init: true }),
    fileSettings(join(state.root, "settings.json")),
  ]);
  stack.use(file);
  stack.use(store);
  const problems: string[] = [];
  const { session } = stack.use(
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
    file: join(state.data, "demo", "data.h5"),
    firstScan: async (signal) => {
      const run = session.start(ascan(session.axis("robx"), 0, 10, 20, 0.05), { signal });
      await showScan(run, process.stdout);
      await run.done();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
