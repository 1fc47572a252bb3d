// SPDX-License-Identifier: MIT
// Our embedded store in a process of its own, as `bandoneon store` runs it.
import { join } from "node:path";
import { freePort } from "./ports.ts";
import { type Running, run } from "./process.ts";
import type { RedisServer } from "./redis-stack.ts";

const main = join(import.meta.dirname, "../../cli/main.ts");

export interface EmbeddedStore extends RedisServer {
  readonly process: Running;
}

/** `more` are further arguments of `bandoneon store`; `port` for one that comes back. */
export async function embeddedStore(more: readonly string[] = [], port?: number): Promise<EmbeddedStore> {
  const where = port ?? (await freePort());
  const process_ = await run(process.execPath, [main, "store", "--port", String(where), ...more], {
    ready: /answers at redis:/,
  });
  return {
    port: where,
    url: `redis://127.0.0.1:${where}`,
    process: process_,
    [Symbol.asyncDispose]: () => process_[Symbol.asyncDispose](),
  };
}
