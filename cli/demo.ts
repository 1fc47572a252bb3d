// SPDX-License-Identifier: MIT
// `bandoneon demo` (npm start): a whole beamline on this machine, and a scan of it.
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { type Beamline, startBeamline } from "./demo/beamline.ts";
import { type DemoSession, openDemoSession } from "./demo/session.ts";
import { stateFolder } from "./demo/state.ts";

interface Flags {
  readonly state?: string;
  readonly port?: number;
  readonly host: string;
  readonly stay?: boolean;
  readonly folder?: string;
}

export function register(program: Command): void {
  program
    .command("demo")
    .description(
      "run a whole beamline on this machine: database, simulated devices, data stream, a scan into a NeXus file",
    )
    .option("--state <folder>", "where the database, logs and data are (default: ~/.local/state/bandoneon/demo)")
    .option("--port <number>", "port of the Tango database (default: 10000, or the next free one)", portNumber)
    .option("--host <address>", "address everything listens on", "127.0.0.1")
    .option("--folder <folder>", "a beamline of your own: its beamline.yml and session.yml (default: the example)")
    .option("--stay", "stay up after the scan also without a terminal")
    .action(demo);
}

function portNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 65_535)
    throw new InvalidArgumentError("a port is a number from 1 to 65535.");
  return value;
}

async function demo({ state, port, host, stay, folder: own }: Flags): Promise<void> {
  const interrupted = interruption();
  const folder = stateFolder(state);
  console.log("Starting the database, the data stream and the devices ...");
  await using beamline = await startBeamline({
    ...{ state: folder, host },
    ...(port !== undefined && { port }),
    ...(own !== undefined && { folder: own }),
  });
  await using session = await openDemoSession(beamline, folder);
  const signal = AbortSignal.any([interrupted, beamline.lost]);
  await session.firstScan(signal);
  console.log(farewell(beamline, session.file, folder.root));
  if (!process.stdin.isTTY) console.log(stay ? nextBeside(beamline) : nextAfter);
  if (process.stdin.isTTY) await prompt(session, folder.root, signal);
  else if (stay) await staying(signal);
  if (beamline.lost.aborted) throw beamline.lost.reason;
}

/** Aborted by Ctrl-C and its like; a second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Error(`interrupted (${name})`));
    });
  return controller.signal;
}

/** The scan shell, until the person leaves it or something ends the demo. */
async function prompt({ session, names, devices }: DemoSession, folder: string, signal: AbortSignal): Promise<void> {
  console.log(
    "Try: ascan(roby, -5, 5, 20, 0.05)   wa()   umv(robx, 3)   help()     Ctrl-C twice, or Ctrl-D, ends it all.\n",
  );
  const { startShell } = await import("./shell/start.ts");
  await using shell = await startShell({ session, objects: names, devices, historyFile: join(folder, "history") });
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (!signal.aborted) await Promise.race([shell.ended, aborted]);
}

function staying(signal: AbortSignal): Promise<void> {
  console.log("The beamline stays up until Ctrl-C.");
  // The timer keeps the process alive: nothing else may be going on.
  const { promise, resolve } = Promise.withResolvers<void>();
  const alive = setInterval(() => {}, 60_000);
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearInterval(alive));
}

const nextAfter = `Next: \`npm start\` on a terminal gives a prompt, \`npm start -- --stay\` keeps the beamline up for Tango clients.`;

const nextBeside = ({ tangoHost, stream }: Beamline): string => `Next, from another terminal:
  export TANGO_HOST=${tangoHost} BANDONEON_STREAM=${stream}
  npx bandoneon list        npx bandoneon read demo/motor/robx        npx bandoneon scans show
  npx bandoneon shell config/examples/demo/session.yml
`;

const farewell = ({ tangoHost, stream }: Beamline, file: string, root: string): string => `
  data file    ${file}
  database     TANGO_HOST=${tangoHost}   (any Tango client: PyTango, Jive, ATK ...)
  data stream  ${stream}   (blissdata: use ?protocol=2)
  logs         ${root}/log
`;
