// SPDX-License-Identifier: MIT
// The device that test/soak/tango-server.ts ill-treats: a big image, a call without end, and handlers that throw anything.
import {
  command, DevDouble, DevLong, DevUShort, DevVoid, defineInterface, devFailed, deviceClass, image, readable, writable,
} from "../../tango/index.ts"; // biome-ignore format: a list

const SIDE = 7168;

const circular = new Error("goes in a circle");
circular.cause = new Error("of two", { cause: circular });
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error("look away");
    },
    getPrototypeOf: () => {
      throw new Error("look away");
    },
  },
);

const kinds: Readonly<Record<string, unknown>> = {
  DevFailed: devFailed("MyReason", "mine"),
  "an Error": new Error("wrong"),
  "an Error without message": new TypeError(),
  "an Error with a cause": new Error("wrong", { cause: new RangeError("too far") }),
  "an Error that goes in a circle": circular,
  "an Error of 10 MB": new Error("x".repeat(10_000_000)),
  "an Error beyond ISO 8859-1": new Error("3 \u2192 \u65e5\u672c \u{1f600} \u0000"),
  "an Error whose message cannot be read": Object.defineProperty(new Error(), "message", {
    get: () => {
      throw new Error("no");
    },
  }),
  "an AggregateError": new AggregateError([new Error("a"), new Error("b")], "both"),
  "an AbortError": new DOMException("stopped", "AbortError"),
  "a text": "plain text",
  "an empty text": "",
  undefined: undefined,
  null: null,
  "a number": 42,
  "a bigint": 42n,
  "a symbol": Symbol("s"),
  "a function": () => 1,
  "an object": { code: 7 },
  "an object without prototype": Object.create(null),
  "a frozen list": Object.freeze([1, 2]),
  "a promise": Promise.resolve(1),
  "a hostile proxy": hostile,
};
export const thrown = { names: Object.keys(kinds), values: Object.values(kinds) } as const;

const soaked = defineInterface({
  name: "Soaked",
  attributes: {
    value: readable(DevDouble),
    big: readable(image(DevUShort, SIDE, SIDE)),
    throwing: writable(DevLong),
  },
  commands: {
    Never: command(DevVoid, DevVoid),
    Select: command(DevLong, DevVoid),
    Throw: command(DevLong, DevVoid),
    ThrowLater: command(DevLong, DevVoid),
  },
});

export const Soaked = deviceClass(soaked, () => {
  let selected = 0;
  const big = { data: new Uint16Array(SIDE * SIDE).fill(1), shape: [SIDE, SIDE] as [number, number] };
  const fail = (index: number): never => {
    throw thrown.values[index];
  };
  return {
    value: () => 1.5,
    big: () => big,
    throwing: { read: () => fail(selected), write: (index) => fail(index) },
    Never: (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    Select: (index) => {
      selected = index;
    },
    Throw: (index) => fail(index),
    ThrowLater: async (index) => fail(index),
  };
});
