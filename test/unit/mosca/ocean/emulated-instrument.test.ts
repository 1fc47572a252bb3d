// SPDX-License-Identifier: MIT
// The emulated instrument by a clock that the test turns: points of its clock, its edges, its gate; a ring that is full.
import { expect, test } from "vitest";
import { EmulatedInstrument, wavelengthOf } from "../../../../servers/mosca/ocean/emulated-instrument.ts";
import { triggers } from "../../../../servers/mosca/ocean/message-table.ts";

function set() {
  const clock = { ms: 0 };
  const instrument = new EmulatedInstrument({ pixels: 1600, seed: 1, now: () => clock.ms });
  instrument.integration = 10_000;
  return { clock, instrument };
}
const numbers = (spectra: readonly Uint8Array[]) => spectra.map((bytes) => Buffer.from(bytes).readUInt32LE(24));

test("by its clock it takes as many as it was told, one after the other", () => {
  const { clock, instrument } = set();
  instrument.scansPerTrigger = 3;
  instrument.fill();
  clock.ms = 9;
  expect(instrument.buffered).toBe(0);
  clock.ms = 25;
  expect([instrument.buffered, instrument.idle]).toEqual([2, false]);
  clock.ms = 500;
  expect([instrument.buffered, instrument.idle]).toEqual([3, true]);
  expect(numbers(instrument.read(2))).toEqual([1, 2]);
  expect(instrument.buffered).toBe(1);
});

test("each edge gives one; an edge during a spectrum is too early", () => {
  const { clock, instrument } = set();
  instrument.trigger = triggers.EDGE;
  instrument.fill();
  for (const at of [0, 5, 20, 40]) {
    clock.ms = at;
    instrument.edge();
  }
  clock.ms = 60;
  expect(instrument.buffered).toBe(3);
});

test("a gate gives spectra while it is high; the one that was begun is finished", () => {
  const { clock, instrument } = set();
  instrument.trigger = triggers.LEVEL;
  instrument.fill();
  clock.ms = 100;
  instrument.gate(true);
  clock.ms = 135;
  instrument.gate(false);
  clock.ms = 300;
  expect(instrument.buffered).toBe(4);
});

test("a full ring loses its oldest: their numbers are missing", () => {
  const { clock, instrument } = set();
  instrument.bufferSize = 2;
  instrument.scansPerTrigger = 5;
  instrument.fill();
  clock.ms = 50;
  expect(numbers(instrument.read(9))).toEqual([4, 5]);
});

test("the brightest line is that of mercury at 546 nm, twice as high after twice the time", () => {
  const { instrument } = set();
  const peak = () => {
    const counts = new Uint16Array(instrument.now().slice(64).buffer);
    const height = Math.max(...counts);
    return { height: height - 1500, wavelength: wavelengthOf(counts.indexOf(height)) };
  };
  const once = peak();
  instrument.integration = 20_000;
  expect(Math.abs(once.wavelength - 546.07)).toBeLessThan(0.5);
  expect(peak().height / once.height).toBeCloseTo(2, 1);
});
