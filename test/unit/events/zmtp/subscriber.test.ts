// SPDX-License-Identifier: MIT
// A subscriber against the bytes of libzmq's publishers, and of an old one, in whatever pieces they come.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Subscriber } from "../../../../tango/events/index.ts";
import type { Frames } from "../../../../tango/events/zmtp/topics.ts";
import type { Channel } from "../../../../tango/transport/index.ts";
import { memory } from "../../../../tango/transport/index.ts";

const file = new URL("../../../vectors/zmtp/libzmq-4.3.5-publisher.txt", import.meta.url);
const [signature = "", greeting = "", pong = "", message = ""] = readFileSync(file, "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"));
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const SIGNATURE = "ff00000000000000007f";
const limits = { timeout: 10_000, signal: new AbortController().signal };

/** A publisher that says what it is told to, and keeps what it hears. */
async function scripted(script: (say: (hex: string) => void, heard: () => string) => void) {
  const transport = memory();
  let heard = "";
  let channel: Channel | undefined;
  const say = (hex: string) => void channel?.write([bytesOf(hex)]);
  const listener = await transport.listen({ host: "publisher", port: 1 }, (accepted) => {
    channel = accepted;
    accepted.start({
      data: (bytes) => {
        heard += Buffer.from(bytes).toString("hex");
        script(say, () => heard);
      },
      drained: () => {},
      closed: () => {},
    });
  });
  const open = () => Subscriber.open(transport, listener.address, limits);
  return { open, say, heard: () => heard, hangUp: () => channel?.close() };
}

/** As libzmq answers, step by step. */
const libzmq = () => {
  let step = 0;
  return scripted((say, heard) => {
    if (step === 0 && heard().startsWith(SIGNATURE)) say([signature, greeting][step++]!);
    if (step === 1 && heard().length >= 128) say([signature, greeting][step++]!);
    if (heard().endsWith("0450494e470000")) say(pong);
  });
};
const texts = (frames: Frames) =>
  frames.map(({ bytes, start, end }) => Buffer.from(bytes.subarray(start, end)).toString("latin1"));
const until = async (is: () => boolean) => {
  while (!is()) await new Promise(setImmediate);
};

test("greets libzmq, asks for a topic, knows when it is known, hands its messages out and asks for no more", async () => {
  const publisher = await libzmq();
  const subscriber = await publisher.open();
  const got: string[][] = [];
  const listening = subscriber.listen("a", (frames) => got.push(texts(frames)));
  await using other = subscriber;
  expect(await other.settled(limits.signal)).toBe(true);
  expect(publisher.heard()).toContain("00020161");
  publisher.say(message);
  publisher.say(message);
  await until(() => got.length === 2);
  expect(got).toEqual([0, 1].map(() => ["a", "\x01", "info", "\x07".repeat(300)]));
  listening[Symbol.dispose]();
  listening[Symbol.dispose]();
  await until(() => publisher.heard().endsWith("00020061"));
  publisher.say(message);
  expect(await other.settled(limits.signal)).toBe(true);
  expect(got.length).toBe(2);
});

test("a publisher that asks whether anybody is there is answered with its own words", async () => {
  const publisher = await libzmq();
  await using _subscriber = await publisher.open();
  publisher.say("04090450494e47000a6869");
  await until(() => publisher.heard().endsWith("040704504f4e476869"));
});

test("topics that only begin like one that is wanted are nobody's", async () => {
  const publisher = await libzmq();
  await using subscriber = await publisher.open();
  const got: string[] = [];
  using _all = subscriber.listen("a", (frames) => got.push(`a ${texts(frames)[1]}`));
  using _more = subscriber.listen("ab", (frames) => got.push(`ab ${texts(frames)[1]}`));
  // abc 1, ab 2, a 3, ab 4
  publisher.say("0103616263000131" + "01026162000132" + "010161000133" + "01026162000134");
  await subscriber.settled(limits.signal);
  expect(got).toEqual(["ab 2", "a 3", "ab 4"]);
});

test("the same bytes cut anywhere are the same messages", async () => {
  const all = signature + greeting + message + message;
  for (let cut = 2; cut < signature.length + greeting.length + 60; cut += 2) {
    let started = false;
    const publisher = await scripted((say) => {
      if (started) return;
      started = true;
      say(all.slice(0, cut));
      say(all.slice(cut));
    });
    const opening = publisher.open();
    await using subscriber = await opening;
    const got: number[] = [];
    using _listening = subscriber.listen("a", (frames) => got.push(texts(frames).join("").length));
    // Those of the first bytes came before anybody listened.
    publisher.say(message.slice(0, 30));
    publisher.say(message.slice(30));
    await until(() => got.length > 0);
    expect(got.at(-1), `cut at ${cut / 2}`).toBe(306);
  }
});

test("a publisher of ZeroMQ 3 is spoken to in version 2, and never says what it knows", async () => {
  let greeted = false;
  const publisher = await scripted((say, heard) => {
    if (!greeted && heard() === SIGNATURE) say("ff00000000000000017f01010000");
    greeted = true;
  });
  await using subscriber = await publisher.open();
  const got: string[][] = [];
  using _listening = subscriber.listen("a", (frames) => got.push(texts(frames)));
  expect(await subscriber.settled(limits.signal)).toBe(false);
  await until(() => publisher.heard() === `${SIGNATURE}0102000000020161`);
  publisher.say(message);
  await until(() => got.length > 0);
  expect(got[0]?.[2]).toBe("info");
});

test.each([
  ["a web server", Buffer.from("HTTP/1.1 400 Bad Request\r\n").toString("hex"), "not ZeroMQ 3 or later"],
  ["a socket of another type", "ff00000000000000017f01030000", "no publisher but a socket of type 3"],
  [
    "one that wants security",
    `${signature}01${Buffer.from("CURVE".padEnd(52, "\0")).toString("hex")}`,
    "wants CURVE security",
  ],
  ["one that refuses", `${signature}${greeting.slice(0, 106)}0408054552524f520131`, "the publisher refuses: 1"],
  ["a frame of a terabyte", `${signature}${greeting}02000001000000000041`, undefined],
] as const)("%s is told of", async (_what, bytes, problem) => {
  const publisher = await scripted((say, heard) => {
    if (heard() === SIGNATURE) say(bytes);
  });
  if (problem) await expect(publisher.open()).rejects.toThrow(problem);
  else await (await publisher.open()).lost;
});

test("nothing waits for a publisher that has gone, before and after it has greeted", async () => {
  const mute = await scripted(() => {});
  const opening = mute.open();
  await until(() => mute.heard() === SIGNATURE);
  mute.hangUp();
  await expect(opening).rejects.toThrow("the publisher at publisher:1: the publisher has closed the connection");
  const publisher = await libzmq();
  const subscriber = await publisher.open();
  publisher.hangUp();
  const settled = subscriber.settled(limits.signal);
  await subscriber.lost;
  expect(await settled).toBe(false);
  subscriber.listen("a", () => {})[Symbol.dispose]();
  await subscriber[Symbol.asyncDispose]();
});

test("an abort ends the wait for a publisher that says nothing, with its own reason", async () => {
  const mute = await scripted(() => {});
  const stop = new AbortController();
  const transport = memory();
  await transport.listen({ host: "mute", port: 1 }, (accepted) =>
    accepted.start({ data: () => {}, drained: () => {}, closed: () => {} }),
  );
  const opening = Subscriber.open(transport, { host: "mute", port: 1 }, { timeout: 10_000, signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(opening).rejects.toThrow("enough");
  const late = Subscriber.open(transport, { host: "mute", port: 1 }, { timeout: 1, signal: limits.signal });
  await expect(late).rejects.toThrow("the publisher at mute:1: does not answer");
  expect(mute.heard()).toBe("");
});
