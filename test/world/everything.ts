// SPDX-License-Identifier: MIT
// everything.py on a control system, run by either PyTango: every attribute type and format, and what clients trip over.
import { join } from "node:path";
import { controlSystem } from "../../tango/index.ts";
import { debianPython, python } from "./peers.ts";
import { type Running, run } from "./process.ts";
import type { TangoStack } from "./tango-stack.ts";

export const pyTangos = { "PyTango 9.3": debianPython, "PyTango 10.3": python } as const;
export type PyTango = keyof typeof pyTangos;

export interface EverythingServer extends AsyncDisposable {
  readonly device: string;
  /** Ends it (SIGKILL by default) and starts it again, on another port. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

/** Registers `test/everything/<instance>` and starts its server. */
export async function everythingServer(
  { host, env }: TangoStack,
  which: PyTango,
  instance: string,
): Promise<EverythingServer> {
  const device = `test/everything/${instance}`;
  await using system = controlSystem({ host });
  await system.database().addServer(`Everything/${instance}`, [{ device, class: "Everything" }]);
  const script = join(import.meta.dirname, "everything.py");
  const launch = () => run(pyTangos[which], [script, instance], { env, ready: /Ready to accept request/ });
  let server: Running | undefined = await launch();
  const stop = async (signal: NodeJS.Signals = "SIGKILL") => {
    await server?.stop(signal);
    server = undefined;
  };
  const start = async () => {
    server ??= await launch();
  };
  return {
    device,
    stop,
    start,
    restart: async (signal) => {
      await stop(signal);
      await start();
    },
    [Symbol.asyncDispose]: () => stop(),
  };
}
