// SPDX-License-Identifier: MIT
// Our own Tango database as a process, on a free loopback port, with a file of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./ports.ts";
import { type Running, run } from "./process.ts";

export interface EmbeddedDatabase extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly env: NodeJS.ProcessEnv;
  readonly file: string;
  /** Ends it without warning (SIGKILL) and starts it again on the same port and file. */
  crash(): Promise<void>;
}

const launcher = join(import.meta.dirname, "../../bin/DataBaseds");

/** `args` are more options of `bin/DataBaseds`. */
export async function embeddedDatabase(...args: readonly string[]): Promise<EmbeddedDatabase> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "embedded-database-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "database.sqlite");
  const host = `127.0.0.1:${await freePort()}`;
  const start = () =>
    run(launcher, ["2", "--file", file, ...args, "-ORBendPoint", `giop:tcp:${host}`], {
      ready: /Ready to accept request/,
    });
  let database: Running = await start();
  stack.defer(async () => void (await database.stop()));
  const owned = stack.move();
  return {
    host,
    env: { ...process.env, TANGO_HOST: host },
    file,
    crash: async () => {
      await database.stop("SIGKILL");
      database = await start();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
