// SPDX-License-Identifier: MIT
// A real Redis with JSON and search (Redis Stack), or Debian's plain Redis, of the test's own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { redisStackFolder } from "./peers.ts";
import { freePort } from "./ports.ts";
import { run } from "./process.ts";

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** `redis://127.0.0.1:port` */
  readonly url: string;
}

/** Redis Stack 7.4 on a free loopback port, nothing persisted. `more` are further redis-server arguments. */
export async function redisStack(more: readonly string[] = []): Promise<RedisServer> {
  const modules = ["redisearch.so", "rejson.so"].flatMap((file) => [
    "--loadmodule",
    join(redisStackFolder, "lib", file),
  ]);
  return redis(join(redisStackFolder, "bin/redis-server"), [...modules, ...more]);
}

/** Debian's redis-server: no JSON, no search. */
export const plainRedis = (more: readonly string[] = []): Promise<RedisServer> => redis("/usr/bin/redis-server", more);

async function redis(command: string, more: readonly string[]): Promise<RedisServer> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const memory = ["--maxmemory", "2gb", "--maxmemory-policy", "noeviction"];
  const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  stack.use(await run(command, [...where, ...memory, ...more], { ready: /Ready to accept connections/ }));
  const owned = stack.move();
  return { port, url: `redis://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
