// SPDX-License-Identifier: MIT
// BLISS with a configuration of the test's own: its Beacon server and the two Redis servers that starts.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blissFolder, redisStackFolder } from "./peers.ts";
import { freePort } from "./ports.ts";
import { run } from "./process.ts";

export interface Bliss extends AsyncDisposable {
  /** What its programs need in their environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** `files` of the configuration: name -> YAML. */
export async function bliss(files: Readonly<Record<string, string>>): Promise<Bliss> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bliss-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "db"));
  for (const [name, text] of Object.entries({ "__init__.yml": "beamline: id00\n", ...files }))
    await writeFile(join(folder, "db", name), text);
  await writeFile(join(folder, "redis.conf"), 'bind 127.0.0.1\nsave ""\nmaxmemory 500mb\n');
  // Beacon loads the modules of its Redis from a Conda environment.
  await mkdir(join(folder, "conda/lib"), { recursive: true });
  for (const [name, file] of [
    ["librejson.so", "rejson.so"],
    ["redisearch.so", "redisearch.so"],
  ] as const)
    await symlink(join(redisStackFolder, "lib", file), join(folder, "conda/lib", name));
  const path = [join(redisStackFolder, "bin"), join(blissFolder, "bin"), process.env.PATH].join(":");
  const port = await freePort();
  const args = ["--db-path", join(folder, "db"), "--port", `${port}`, "--log-output-folder", folder];
  for (const server of ["homepage", "log-server", "log-viewer"]) args.push(`--${server}-port`, "0");
  for (const server of ["--redis", "--redis-data"]) {
    args.push(`${server}-port`, `${await freePort()}`, `${server}-socket`, join(folder, `${server.slice(2)}.sock`));
    args.push(`${server}-conf`, join(folder, "redis.conf"));
  }
  const env = { ...process.env, PATH: path, CONDA_PREFIX: join(folder, "conda") };
  const ready = /start listening on TCP port/;
  stack.use(await run(join(blissFolder, "bin/beacon-server"), args, { env, cwd: folder, ready, patience: 60_000 }));
  const owned = stack.move();
  return {
    env: { ...process.env, BEACON_HOST: `localhost:${port}` },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
