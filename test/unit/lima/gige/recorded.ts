// SPDX-License-Identifier: MIT
// Bytes recorded from Aravis' GigE Vision camera, and broken ones made of them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Exchange {
  readonly command: string;
  readonly answer: string;
}
interface Recorded {
  readonly discovery: Exchange;
  readonly readRegister: Exchange;
  readonly writeRegister: Exchange;
  readonly readMemory: Exchange;
  readonly image: {
    readonly width: number;
    readonly height: number;
    readonly packetSize: number;
    readonly packets: string[];
  };
}

export const recorded: Recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../vectors/gige/aravis.json"), "utf8"),
);

export const bytesOfHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

/** `count` copies, each with some bytes changed and cut somewhere; always the same ones. */
export function* fuzzed(bytes: Uint8Array, count: number): Generator<Uint8Array> {
  let state = 1;
  const next = (below: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
  for (let i = 0; i < count; i++) {
    const copy = bytes.slice(0, next(bytes.length + 1));
    for (let change = next(6); change > 0 && copy.length > 0; change--) copy[next(copy.length)] = next(256);
    yield copy;
  }
}
