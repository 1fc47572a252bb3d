// SPDX-License-Identifier: MIT
// The values TangoTest shows: random ones, waves, texts, and what was written.
import type { Image } from "../../tango/index.ts";
import type { Generator } from "./generator.ts";

const SPECTRUM = 256;
const IMAGE = 251;

const random = (): number => Math.floor(Math.random() * 256);
export const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);
const list = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const digits = (value: number, count: number) => String(value).padStart(count, "0");

/** Shows what was written last, `value` before. */
export function kept<T>(value: T) {
  let shown = value;
  return {
    read: () => shown,
    write: (written: T) => {
      shown = written;
    },
  };
}

/** Shows `value` whatever is written. */
export const unmoved = <T>(value: () => T) => ({ read: value, write: (_: T) => {} });

export const keptSpectrum = <T extends { readonly length: number }>(make: (length: number) => T) =>
  kept(make(SPECTRUM));
const imageOf = <T>(make: (length: number) => T): Image<T> => ({ data: make(IMAGE * IMAGE), shape: [IMAGE, IMAGE] });
export const keptImage = <T>(make: (length: number) => T) => kept(imageOf(make));
export const blankImage = <T>(make: (length: number) => T) => {
  const value = imageOf(make);
  return () => value;
};

/** Random data, new at each moment of `source`. */
export const randomData = (source: Generator) => ({
  scalar: (name: string) => () => source.now(name, random),
  long: (name: string) => () => source.now(name, () => BigInt(random())),
  spectrum: (name: string) => () => source.now(name, () => list(SPECTRUM, random)),
  longs: (name: string) => () => source.now(name, () => list(SPECTRUM, () => BigInt(random()))),
  booleans: (name: string) => () => source.now(name, () => list(SPECTRUM, () => Math.random() < 0.5)),
  texts: (name: string) => () =>
    source.now(name, () => list(SPECTRUM, (at) => `[${digits(at, 2)}]::hello-world-${digits(random(), 4)}`)),
  image: (name: string, size: number) => () =>
    source.now(name, (): Image<number[]> => ({ data: list(size * size, random), shape: [size, size] })),
  booleanImage: (name: string) => () =>
    source.now(name, () => imageOf((length) => list(length, () => Math.random() < 0.5))),
  textImage: (name: string) => () => source.now(name, () => imageOf((length) => list(length, imageText))),
  wave: (amplitude: () => number) => () =>
    source.now("wave", (moment) => list(SPECTRUM, (at) => amplitude() * sine(moment + at))),
});

const imageText = (at: number) =>
  `[${digits(at % IMAGE, 2)}][${digits(Math.floor(at / IMAGE), 2)}]::hello world::${digits(random(), 4)}`;
