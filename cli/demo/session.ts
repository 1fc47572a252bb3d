// SPDX-License-Identifier: MIT
// The demo's session: its devices as scans know them, where its data go, and its first scan.
import { join } from "node:path";
import { openAxis, openCounters } from "../../devices/index.ts";
import { ascan, basicPolicy, fileSettings, Session, showScan, sinksTogether } from "../../scanning/index.ts";
import { nexusSink, openDataStore, streamSink } from "../../writers/index.ts";
import type { Beamline } from "./beamline.ts";
import type { StateFolder } from "./state.ts";

export interface DemoSession extends AsyncDisposable {
  readonly session: Session;
  /** The data file of its scans. */
  readonly file: string;
  /** A step scan of 21 points with everything there is. `begun`: when the command was given (performance.now). */
  firstScan(signal: AbortSignal, begun: number): Promise<void>;
}

export async function openSession({ system, stream }: Beamline, state: StateFolder): Promise<DemoSession> {
  await using stack = new AsyncDisposableStack();
  const [robx, roby, counters, file, store] = await Promise.all([
    openAxis("robx", "demo/motor/robx", { system }),
    openAxis("roby", "demo/motor/roby", { system }),
    openCounters("demo/counter/diode", { diode: "Diode", monitor: "Monitor", current: "Current" }, { system }),
    nexusSink(),
    openDataStore(stream, { init: true }),
  ]);
  for (const resource of [robx, roby, counters, file, store]) stack.use(resource);
  const session = stack.use(
    new Session({
      name: "demo",
      objects: [robx, roby, counters.diode, counters.monitor, counters.current],
      policy: basicPolicy("demo", { base_path: state.data }),
      settings: await fileSettings(join(state.root, "settings.json")),
      sink: sinksTogether(streamSink(store), file),
    }),
  );
  session.group("demo_counters", [counters.diode, counters.monitor, counters.current]);
  const owned = stack.move();
  return {
    session,
    file: join(state.data, "demo", "data.h5"),
    firstScan: async (signal) => {
      const run = session.start(ascan(robx, 0, 10, 20, 0.05), { signal });
      await showScan(run, process.stdout);
      await run.done();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
