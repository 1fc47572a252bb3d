// SPDX-License-Identifier: MIT
// tickit-devices' emulator of a Dectris Eiger 16M: REST, and both versions of the stream.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tickit } from "./peers.ts";
import { freePorts } from "./ports.ts";
import { type Running, run } from "./process.ts";

export interface EigerEmulator extends AsyncDisposable {
  readonly http: number;
  readonly legacy: number;
  readonly cbor: number;
  readonly process: Running;
}

export async function eigerEmulator(): Promise<EigerEmulator> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "eiger-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [http = 0, legacy = 0, cbor = 0] = await freePorts(3);
  const config = join(folder, "eiger.yaml");
  await writeFile(
    config,
    `- type: tickit_devices.eiger.Eiger
  name: eiger
  inputs: {}
  host: 127.0.0.1
  port: ${http}
  stream_host: 127.0.0.1
  stream_legacy_port: ${legacy}
  stream_cbor_port: ${cbor}
`,
  );
  const answers = () =>
    fetch(`http://127.0.0.1:${http}/detector/api/1.8.0/status/state`).then(
      ({ ok }) => ok,
      () => false,
    );
  const process = stack.use(
    await run(tickit, [join(import.meta.dirname, "eiger.py"), "all", config], {
      cwd: folder,
      ready: answers,
      patience: 30_000,
    }),
  );
  const owned = stack.move();
  return { http, legacy, cbor, process, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
