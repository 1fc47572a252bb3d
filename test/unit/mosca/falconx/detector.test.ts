// SPDX-License-Identifier: MIT
import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { FalconXDetector } from "../../../../servers/mosca/falconx/detector.ts";
import { startFalconXEmulator } from "../../../../servers/mosca/falconx/emulator.ts";
import { layoutOf } from "../../../../servers/mosca/falconx/layout.ts";

test("another layout that comes while a silent box is looked for is the one that counts", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  await using emulator = await startFalconXEmulator({ channels: 2 });
  await using detector = new FalconXDetector(layoutOf([`127.0.0.1:${port}`]), undefined, { timeout: 200 });
  const looking = detector.reach();
  await expect.poll(() => sockets.length).toBe(1);
  await Promise.all([looking, detector.use(layoutOf([`127.0.0.1:${emulator.port}`]))]);
  expect([detector.status, detector.trouble, detector.detectors]).toEqual(["READY", "", [0, 1]]);
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => void silent.close(() => resolve()));
});
