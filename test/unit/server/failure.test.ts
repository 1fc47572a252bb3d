// SPDX-License-Identifier: MIT
// Whatever is thrown reaches the client as an error with a text it can be sent.
import { expect, test } from "vitest";
import { DevFailed, devFailed, MultiDevFailed } from "../../../tango/errors.ts";
import { systemException } from "../../../tango/giop/index.ts";
import { asDevFailed, devErrors } from "../../../tango/server/failure.ts";

const descOf = (error: unknown) => devErrors(error, "Here")[0]?.desc;

test("a DevFailed keeps its stack; what has no origin gets one", () => {
  const error = devFailed("Mine", "why").within("Outer", "what", "There");
  expect(devErrors(error, "Here")).toEqual([
    { reason: "Mine", desc: "why", origin: "Here", severity: "ERR" },
    { reason: "Outer", desc: "what", origin: "There", severity: "ERR" },
  ]);
  const complete = devFailed("Mine", "why", "There");
  expect(asDevFailed(complete, "Here")).toBe(complete);
});

test("several failures are one stack; a CORBA exception is told as such", () => {
  const { errors } = devFailed("One", "1", "x");
  const all = new MultiDevFailed([
    { name: "a", index_in_call: 0, err_list: errors },
    { name: "b", index_in_call: 1, err_list: errors },
  ]);
  expect(devErrors(all, "Here").map(({ reason }) => reason)).toEqual(["One", "One"]);
  expect(devErrors(systemException("TRANSIENT_ConnectFailed"), "Here")[0]?.reason).toBe("API_CorbaException");
});

const circular = new Error("round");
circular.cause = new Error("and", { cause: circular });

test.each([
  ["an error", new Error("wrong"), "wrong"],
  ["its class, when it is not just Error", new TypeError("wrong"), "TypeError: wrong"],
  ["its cause", new Error("wrong", { cause: new RangeError("far") }), "wrong (RangeError: far)"],
  ["a text", "words", "words"],
  ["no text at all", "", "thrown: an empty text"],
  ["undefined", undefined, "thrown: undefined"],
  ["a symbol", Symbol("s"), "thrown: Symbol(s)"],
  ["what has no text", Object.create(null), "thrown: something that has no text"],
  ["causes in a circle", circular, "round (and (round (and (round (and)))))"],
] as const)("%s", (_, error, desc) => {
  expect(descOf(error)).toBe(desc);
});

test("texts are those of ISO 8859-1, and not endless", () => {
  expect(descOf(new Error("20 °C \u2192 \u{1f600}\0 end"))).toBe("20 °C ? ?? end");
  expect(descOf(new Error("x".repeat(1_000_000)))?.length).toBe(16_384);
  expect(asDevFailed(devFailed("\u2192", "\u2192"), "Here")).toBeInstanceOf(DevFailed);
  expect(devErrors(devFailed("\u2192", "\u2192", "\u2192"), "Here")).toEqual([
    { reason: "?", desc: "?", origin: "?", severity: "ERR" },
  ]);
});
