// SPDX-License-Identifier: MIT
import { createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { definitionIn, energyIn, numberIn, sensorsIn, thresholdIn } from "../../../../servers/lima/pilatus/answers.ts";
import { Camserver } from "../../../../servers/lima/pilatus/camserver.ts";
import { seriesFile } from "../../../../servers/lima/pilatus/files.ts";
import { CamserverError, parseReply } from "../../../../servers/lima/pilatus/replies.ts";

const hangUp = "hang up";

/** A server that answers each command as `answers` says; a list's later parts come by themselves. */
async function speaking(answers: Readonly<Record<string, readonly string[] | undefined>>) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      for (const part of answers[bytes.toString().trim()] ?? [])
        if (part === hangUp) socket.destroy();
        else socket.write(part);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const camserver = new Camserver({ host: "127.0.0.1", port, timeout: 200 });
  return {
    camserver,
    [Symbol.asyncDispose]: async () => {
      await camserver[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

// Answers as users of real detectors have noted them down.
test.each([
  ["15 OK N images set to: 10", { code: 15, ok: true, text: "N images set to: 10" }],
  ["15 OK  Starting 0.1970000 second background: 2011-Aug-04T15:27:22.593", { code: 15, ok: true }],
  ["7 OK /ramdisk/tmp/toto_0300.cbf", { code: 7, ok: true, text: "/ramdisk/tmp/toto_0300.cbf" }],
  ["13 ERR kill", { code: 13, ok: false, text: "kill" }],
  ["1 ERR *** Unrecognized command: threshold", { code: 1, ok: false, text: "*** Unrecognized command: threshold" }],
  ["15 OK", { code: 15, ok: true, text: "" }],
])("%s", (text, reply) => expect(parseReply(text)).toMatchObject(reply));

test.each(["", "OK", "x OK 1", "15 OKAY", "99999999 OK", "\0\0\0"])("%j is no answer", (text) =>
  expect(() => parseReply(text)).toThrow("is no answer of camserver"),
);

test("what answers say", () => {
  const settings = " Settings: mid gain; threshold: 6300 eV; vcmp: 0.654 V\n Trim file:\n  /home/det/x.bin";
  expect(thresholdIn(settings)).toEqual({ gain: "MID", threshold: 6300 });
  expect(thresholdIn("Settings: ultra high gain; threshold: 3000 eV")).toEqual({ gain: "UHIGH", threshold: 3000 });
  expect(thresholdIn("Threshold has not been set")).toEqual({ gain: "AUTO", threshold: -1 });
  expect([energyIn("Energy setting: 12658 eV"), energyIn("Energy has not been set")]).toEqual([12658, -1]);
  expect(numberIn("Exposure time set to: 0.9970000 sec")).toBe(0.997);
  expect(() => numberIn("nothing")).toThrow('no number in camserver\'s answer "nothing"');
  expect(
    sensorsIn(
      "Channel 0: Temperature = 31.4C, Rel. Humidity = 22.1%;\n Channel 1: Temperature = -5.0C, Rel. Humidity = 3%",
    ),
  ).toEqual([
    { channel: 0, temperature: 31.4, humidity: 22.1 },
    { channel: 1, temperature: -5, humidity: 3 },
  ]);
  expect(definitionIn('camera_wide = 487\ncamera_high = 619\ncamera_name = "PILATUS 300K, S/N 3-0100"\n')).toEqual({
    ...{ name: "PILATUS 300K, S/N 3-0100", width: 487, height: 619 },
  });
  expect(definitionIn("camera_wide = many")).toBe(undefined);
});

test("files are counted as camserver counts them", () => {
  expect(seriesFile("run_0009.cbf", 1)).toBe("run_0010.cbf");
  expect(seriesFile("a_b_999.tif", 1)).toBe("a_b_1000.tif");
  for (const name of ["run.cbf", "run_01.cbf", "run0001.cbf", "run_0001"])
    expect(() => seriesFile(name, 0)).toThrow("write saving_prefix and saving_index_format so");
});

describe("the connection", () => {
  test("an answer in pieces, two in one, an end that comes before the next answer", async () => {
    await using world = await speaking({
      version: ["24 OK Code ", "release\x18"],
      "exposure a_000.cbf": ["15 OK Starting\x187 OK /x/a_000.cbf\x18"],
      thread: ["215 OK warm\x18"],
    });
    expect(await world.camserver.ask("version")).toBe("Code release");
    const { ended } = await world.camserver.expose("exposure a_000.cbf");
    expect(await ended).toBe("/x/a_000.cbf");
    expect(await world.camserver.ask("thread")).toBe("warm");
  });

  test("a refusal, a failed exposure, no answer, nonsense, a lost connection", async () => {
    await using world = await speaking({
      bad: ["1 ERR *** Unrecognized command: bad\x18"],
      "exposure a_000.cbf": ["15 OK Starting\x18", "7 ERR no such folder\x18"],
      odd: ["hello\x18"],
      version: ["24 OK 1\x18"],
      "last words": [hangUp],
      endless: [`15 OK ${"x".repeat(1_100_000)}`],
    });
    const { camserver } = world;
    const patient = { timeout: 30_000 };
    await expect(camserver.ask("bad", patient)).rejects.toThrow(/refused "bad": \*\*\* Unrecognized command: bad/);
    await expect(camserver.ask("bad", patient)).rejects.toBeInstanceOf(CamserverError);
    const { ended } = await camserver.expose("exposure a_000.cbf");
    await expect(ended).rejects.toThrow("the exposure failed: no such folder");
    await expect(camserver.ask("silence")).rejects.toThrow('does not answer "silence" within 200 ms');
    const abort = new AbortController();
    const given = camserver.ask("silence", { signal: abort.signal });
    setImmediate(() => abort.abort(new Error("enough")));
    await expect(given).rejects.toThrow("enough");
    await expect(camserver.ask("odd", patient)).rejects.toThrow('"hello" is no answer of camserver');
    await expect(camserver.ask("endless", patient)).rejects.toThrow("bytes without an end");
    expect(await camserver.ask("version", patient)).toBe("1");
    await expect(camserver.ask("last words", patient)).rejects.toThrow("closed the connection");
    expect(await camserver.ask("version", patient)).toBe("1");
    await expect(camserver.ask("a\nb")).rejects.toThrow("A command for camserver is one line");
  });

  test("nobody there", async () => {
    await using camserver = new Camserver({ host: "127.0.0.1", port: 1 });
    await expect(camserver.ask("version")).rejects.toThrow(
      "camserver 127.0.0.1:1 cannot be reached: connect ECONNREFUSED",
    );
    expect(camserver.connected).toBe(false);
  });
});
