// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { openStream } from "../../../../servers/lima/gige/stream.ts";

test("another port for each acquisition; none from a stream whose thread has ended", async () => {
  const device = { address: "127.0.0.1", port: 9 };
  const stream = await openStream({ localAddress: "127.0.0.1", queue: 2, device });
  const before = stream.port;
  await stream.renew();
  expect(stream.port).not.toBe(before);
  await stream[Symbol.asyncDispose]();
  await expect(stream.renew()).rejects.toThrow("the stream is closed");
});
