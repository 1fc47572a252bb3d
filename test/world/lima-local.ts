// SPDX-License-Identifier: MIT
// A LimaCCDs server with the simulated camera in the process of the test.
import { limaCCDs } from "../../devices/lima/limaccds.ts";
import { limaClasses } from "../../servers/lima/classes.ts";
import { Detector } from "../../servers/lima/detector.ts";
import { connect, startServer } from "../../tango/index.ts";

export type LocalLima = Awaited<ReturnType<typeof localLima>>;

/** `plugins` by class; `properties` of the LimaCCDs device; frames of 40 x 30 pixels of 16 bits unless `frame` says otherwise. */
export async function localLima({
  plugins = {},
  properties = {},
  frame = [40, 30, 2],
}: {
  readonly plugins?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly frame?: readonly [width: number, height: number, bytes: number];
} = {}) {
  await using stack = new AsyncDisposableStack();
  const detector = new Detector();
  const more = Object.entries(plugins).map(([name, family]) => [name, { [`a/${family}/1`]: {} }]);
  const server = stack.use(
    await startServer({
      server: "LimaCCDs/local",
      classes: limaClasses(detector),
      devices: {
        Simulator: { "a/simulator/1": { frame_dim: [...frame] } },
        LimaCCDs: { "a/limaccds/1": properties as Readonly<Record<string, string>> },
        ...Object.fromEntries(more),
      },
    }),
  );
  const lima = stack.use(await connect(limaCCDs, server.trl("a/limaccds/1"), { timeout: 20_000 }));
  const simulator = stack.use(await connect(server.trl("a/simulator/1")));
  const owned = stack.move();
  return {
    ...{ detector, server, lima, simulator },
    /** Prepares, starts, and waits for the end. */
    acquire: async (settings: Parameters<typeof lima.writeAttributes>[0] = {}) => {
      await lima.writeAttributes(settings);
      await lima.call("prepareAcq");
      await lima.call("startAcq");
      await detector.acquisition?.ended;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
