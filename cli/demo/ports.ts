// SPDX-License-Identifier: MIT
import { createServer } from "node:net";

/** The first of `count` ports from `first` on that is free on `host`. @throws Error naming the range when none is. */
export async function freePortFrom(first: number, host = "127.0.0.1", count = 100): Promise<number> {
  for (let port = first; port < first + count; port++) if (await isFree(port, host)) return port;
  throw new Error(
    `no free port between ${first} and ${first + count - 1} on ${host}: stop what uses them, or choose another with --port`,
  );
}

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
