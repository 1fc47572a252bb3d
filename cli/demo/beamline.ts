// SPDX-License-Identifier: MIT
// The demo's control system: a database, a data stream, and the servers of beamline.yml, as processes of their own.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Contents } from "../../servers/database/contents/contents.ts";
import { forms } from "../../servers/database/contents/file.ts";
import { plan } from "../../servers/database/contents/plan.ts";
import { readContents } from "../../servers/database/contents/read.ts";
import { type ControlSystem, controlSystem } from "../../tango/index.ts";
import { callerOf } from "../database.ts";
import { freePortFrom } from "./ports.ts";
import { type Processes, processes } from "./processes.ts";
import type { StateFolder } from "./state.ts";

export interface Beamline extends AsyncDisposable {
  readonly system: ControlSystem;
  /** `host:port` of the database. */
  readonly tangoHost: string;
  /** `redis://host:port` */
  readonly stream: string;
  /** Aborted when a process ends that was not asked to. */
  readonly lost: AbortSignal;
  /** Where beamline.yml and session.yml are. */
  readonly folder: string;
}

export interface BeamlineOptions {
  /** Holds beamline.yml and session.yml; default: the example of the package. */
  readonly folder?: string;
  readonly state: StateFolder;
  /** Address everything listens on. */
  readonly host: string;
  /** Port of the database; default: 10000 or the next free one. */
  readonly port?: number;
}

/** The package's root, from the sources as from the compiled files in dist/. */
const root = fileURLToPath(new URL(import.meta.url.includes("/dist/") ? "../../../" : "../../", import.meta.url));
const launcher = (name: string) => `${root}bin/${name}`;
const exampleFolder = `${root}config/examples/demo`;

/** Starts all of it; what was started is stopped again when something does not start. */
export async function startBeamline({ state, host, port, folder = exampleFolder }: BeamlineOptions): Promise<Beamline> {
  const contents = await readBeamline(`${folder}/beamline.yml`);
  await using stack = new AsyncDisposableStack();
  const children = stack.use(processes(state.logs));
  const [databasePort, streamPort] = await Promise.all([portFor(port, host), freePortFrom(6379, host)]);
  const tangoHost = `${host}:${databasePort}`;
  // The mark tells which processes belong to this demo, whatever they are.
  const env = { ...process.env, TANGO_HOST: tangoHost, BANDONEON_DEMO: state.root };
  const starting = { env, ready: /Ready to accept request/, patience: 20_000 };

  const store = children.start(
    "store",
    launcher("bandoneon"),
    ["store", "--host", host, "--port", String(streamPort)],
    { ...starting, ready: /answers at redis:/ },
  );
  store.catch(() => {}); // awaited below; the database may fail first
  await children.start(
    "DataBaseds/2",
    launcher("DataBaseds"),
    ["2", "--file", state.database, "-ORBendPoint", `giop:tcp:${tangoHost}`],
    starting,
  );
  const system = stack.use(controlSystem({ host: tangoHost }));
  await startServers(children, await register(system, contents), host, starting);
  await store;
  const owned = stack.move();
  return {
    system,
    tangoHost,
    stream: `redis://${host}:${streamPort}`,
    lost: children.lost,
    folder,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function portFor(wanted: number | undefined, host: string): Promise<number> {
  if (wanted === undefined) return freePortFrom(10000, host);
  return freePortFrom(wanted, host, 1).catch(() => {
    throw new Error(`port ${wanted} on ${host} is in use: stop what uses it, or choose another with --port`);
  });
}

/** @throws FormatError with line and column; Error when there is no such file. */
async function readBeamline(file: string): Promise<Contents> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new Error(`cannot read ${file}: a beamline folder has a beamline.yml and a session.yml`);
  });
  return forms.yaml.parse(text, file);
}

/** Puts what the file says into the database; gives the servers it names. */
async function register(system: ControlSystem, want: Contents): Promise<readonly string[]> {
  const call = callerOf(system);
  for (const { command, argument } of plan(await readContents(call), want, { complete: true }))
    await call(command, argument);
  return Object.keys(want.servers);
}

async function startServers(
  children: Processes,
  servers: readonly string[],
  host: string,
  starting: Parameters<Processes["start"]>[3],
): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const [name = "", instance = ""] = server.split("/");
      return children.start(server, launcher(name), [instance, "-ORBendPoint", `giop:tcp:${host}:`], starting);
    }),
  );
}
