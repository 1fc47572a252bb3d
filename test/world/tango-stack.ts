// SPDX-License-Identifier: MIT
// A real Tango control system of its own: MariaDB, the C++ DataBaseds, and the C++ TangoTest on request.
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./ports.ts";
import { type Running, run } from "./process.ts";

export interface TangoStack extends AsyncDisposable {
  /** `127.0.0.1:port` of the real database. */
  readonly host: string;
  /** The environment of a process that is to use it. */
  readonly env: NodeJS.ProcessEnv;
  /** What reaches its MariaDB, for servers that talk to it directly. */
  readonly sqlEnv: Readonly<Record<string, string>>;
  readonly databaseOutput: () => string;
  /** Ends and starts the database server again on the same port. */
  restartDatabase(): Promise<void>;
}

export interface TangoStackOptions {
  /** Also start `TangoTest test` (device sys/tg_test/1); default true. */
  readonly tangoTest?: boolean;
}

/** Starts it in a folder of its own on free loopback ports; disposing ends every process and removes the folder. */
export async function tangoStack({ tangoTest = true }: TangoStackOptions = {}): Promise<TangoStack> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "tango-stack-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [port, sqlPort] = (await freePorts(2)) as [number, number];
  await startMariaDb(stack, folder, sqlPort);

  const host = `127.0.0.1:${port}`;
  const env: NodeJS.ProcessEnv = { ...process.env, TANGO_HOST: host };
  const sql = {
    MYSQL_HOST: `127.0.0.1:${sqlPort}`,
    MYSQL_USER: "tango",
    MYSQL_PASSWORD: "tango",
    MYSQL_DATABASE: "tango",
  };
  const startDatabase = () =>
    run("/usr/lib/tango/DataBaseds", ["2", "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`], {
      env: { ...env, ...sql },
      cwd: folder,
      ready: /Ready to accept request/,
    });
  let database: Running = await startDatabase();
  stack.defer(async () => void (await database.stop()));
  if (tangoTest) {
    stack.use(await run("/usr/lib/tango/TangoTest", ["test"], { env, cwd: folder, ready: /Ready to accept request/ }));
  }
  const owned = stack.move();
  return {
    host,
    env,
    sqlEnv: sql,
    databaseOutput: () => database.output(),
    restartDatabase: async () => {
      await database.stop("SIGKILL");
      database = await startDatabase();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startMariaDb(stack: AsyncDisposableStack, folder: string, port: number): Promise<void> {
  const data = join(folder, "data");
  const socket = join(folder, "my.sock");
  // As root MariaDB runs as its own user, which must own the folder; as a plain user it runs as that user.
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    const [uid, gid] = mysqlIds();
    chownSync(folder, uid, gid);
    chmodSync(folder, 0o755);
  }
  // Its own folder for temporary tables too: a MariaDB that starts clears those of every other one from a shared folder.
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  if (asRoot) chownSync(temporary, ...mysqlIds());
  const common = ["--no-defaults", ...(asRoot ? ["--user=mysql"] : []), `--datadir=${data}`, `--tmpdir=${temporary}`];
  execFileSync("mysql_install_db", [...common, "--auth-root-authentication-method=normal"], { stdio: "pipe" });
  const mysql = (input: string, ...args: string[]) =>
    execFileSync("mysql", ["--no-defaults", "-uroot", "-S", socket, ...args], {
      input,
      stdio: ["pipe", "pipe", "pipe"],
    });
  stack.use(
    await run(
      "mariadbd",
      [
        ...common,
        `--socket=${socket}`,
        `--port=${port}`,
        "--bind-address=127.0.0.1",
        "--sql-mode=",
        "--skip-log-bin",
        "--innodb-flush-log-at-trx-commit=0",
        `--pid-file=${join(folder, "my.pid")}`,
      ],
      { ready: async () => existsSync(socket) && (await accepts(port)), patience: 60_000 },
    ),
  );
  const accounts = ["'tango'@'127.0.0.1'", "'tango'@'localhost'"];
  mysql(
    `create database tango; ${accounts
      .map((account) => `create user ${account} identified by 'tango'; grant all on tango.* to ${account};`)
      .join(" ")}`,
  );
  mysql(readFileSync("/usr/share/dbconfig-common/data/tango-db/install/mysql", "utf8"), "tango");
}

const mysqlIds = (): [number, number] => {
  const id = (flag: string) => Number(execFileSync("id", [flag, "mysql"], { encoding: "utf8" }));
  return [id("-u"), id("-g")];
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
