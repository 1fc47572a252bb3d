// SPDX-License-Identifier: MIT
// Pictures as baseline JPEG (ITU-T T.81): grey, or colours without subsampling.
import { BitWriter, type Codes, codesOf } from "./bits.ts";
import { type HuffmanTable, huffman, quantization, zigzag } from "./jpeg-table.ts";
import { divisors, transform } from "./transform.ts";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Grey values row by row; or brightness, then the colour differences Cb and Cr. */
  readonly planes: readonly [Uint8Array] | readonly [Uint8Array, Uint8Array, Uint8Array];
}

/** No picture of the format is larger. */
const largest = 65_535;

/** `quality` from 1 to 100. @throws Error for a size the format has not. */
export function encodeJpeg({ width, height, planes }: Picture, quality: number): Uint8Array {
  if (!(width >= 1 && height >= 1 && width <= largest && height <= largest))
    throw new Error(`A picture of ${width} x ${height} pixels cannot be JPEG`);
  const tables = [stepsOf(quantization.luminance, quality), stepsOf(quantization.chrominance, quality)] as const;
  const coders = planes.map((plane, i) => new PlaneCoder(plane, width, height, i === 0 ? 0 : 1, tables));
  const bits = new BitWriter(header(width, height, planes.length, tables));
  for (let row = 0; row < height; row += 8)
    for (let column = 0; column < width; column += 8) for (const coder of coders) coder.block(column, row, bits);
  return bits.finish(Uint8Array.of(0xff, 0xd9));
}

/** Quality 50 has the steps of the table, 100 steps of 1. */
function stepsOf(table: readonly number[], quality: number): Uint8Array {
  const bounded = Math.min(Math.max(Math.round(quality), 1), 100);
  const percent = bounded < 50 ? 5000 / bounded : 200 - 2 * bounded;
  return Uint8Array.from(table, (step) => Math.min(Math.max(Math.floor((step * percent + 50) / 100), 1), 255));
}

const dcCodes = [codesOf(huffman.dcLuminance), codesOf(huffman.dcChrominance)] as const;
const acCodes = [codesOf(huffman.acLuminance), codesOf(huffman.acChrominance)] as const;

/** Codes the blocks of one plane, each as the difference to the one before. */
class PlaneCoder {
  readonly #plane: Uint8Array;
  readonly #width: number;
  readonly #height: number;
  readonly #divisors: Float32Array;
  readonly #dc: Codes;
  readonly #ac: Codes;
  readonly #block = new Float32Array(64);
  #last = 0;

  constructor(
    plane: Uint8Array,
    width: number,
    height: number,
    kind: 0 | 1,
    tables: readonly [Uint8Array, Uint8Array],
  ) {
    this.#plane = plane;
    this.#width = width;
    this.#height = height;
    this.#divisors = divisors(tables[kind]);
    this.#dc = dcCodes[kind];
    this.#ac = acCodes[kind];
  }

  block(column: number, row: number, bits: BitWriter): void {
    this.#load(column, row);
    transform(this.#block);
    const mean = this.#coefficient(0);
    const step = mean - this.#last;
    this.#last = mean;
    const size = sizeOf(step);
    put(bits, this.#dc, size);
    putNumber(bits, step, size);
    let zeros = 0;
    for (let i = 1; i < 64; i++) {
      const value = this.#coefficient(i);
      if (value === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) put(bits, this.#ac, 0xf0);
      const length = sizeOf(value);
      put(bits, this.#ac, (zeros << 4) | length);
      putNumber(bits, value, length);
      zeros = 0;
    }
    if (zeros > 0) put(bits, this.#ac, 0);
  }

  /** The pixels around zero; those of the edge go on beyond it. */
  #load(column: number, row: number): void {
    for (let y = 0; y < 8; y++) {
      const start = Math.min(row + y, this.#height - 1) * this.#width;
      for (let x = 0; x < 8; x++)
        this.#block[8 * y + x] = (this.#plane[start + Math.min(column + x, this.#width - 1)] as number) - 128;
    }
  }
  #coefficient(i: number): number {
    const place = zigzag[i] as number;
    return Math.round((this.#block[place] as number) * (this.#divisors[place] as number));
  }
}

/** Bits that the amount of a number has. */
const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));
const put = (bits: BitWriter, { code, length }: Codes, value: number) =>
  bits.write(code[value] as number, length[value] as number);
/** Negative numbers as the complement of their amount. */
function putNumber(bits: BitWriter, value: number, size: number): void {
  if (size > 0) bits.write(value < 0 ? value + (1 << size) - 1 : value, size);
}

/** Everything before the coefficients. */
function header(width: number, height: number, planes: number, tables: readonly Uint8Array[]): Uint8Array {
  const short = (value: number) => [value >> 8, value & 0xff];
  const segment = (marker: number, content: readonly number[]) => [
    0xff,
    marker,
    ...short(content.length + 2),
    ...content,
  ];
  const kinds = planes === 1 ? [0] : [0, 1];
  const table = (number: number, { lengths, values }: HuffmanTable) => [number, ...lengths, ...values];
  const components = Array.from({ length: planes }, (_, i) => ({ id: i + 1, kind: i === 0 ? 0 : 1 }));
  const [dc, ac] = [
    [huffman.dcLuminance, huffman.dcChrominance],
    [huffman.acLuminance, huffman.acChrominance],
  ] as const;
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]), // "JFIF"
    ...kinds.flatMap((kind) => segment(0xdb, [kind, ...zigzag.map((place) => tables[kind]?.[place] ?? 1)])),
    ...segment(0xc0, [
      8, ...short(height), ...short(width), planes, ...components.flatMap(({ id, kind }) => [id, 0x11, kind]),
    ]), // biome-ignore format: one segment
    ...kinds.flatMap((kind) => segment(0xc4, table(kind, dc[kind] as HuffmanTable))),
    ...kinds.flatMap((kind) => segment(0xc4, table(0x10 | kind, ac[kind] as HuffmanTable))),
    ...segment(0xda, [planes, ...components.flatMap(({ id, kind }) => [id, (kind << 4) | kind]), 0, 63, 0]),
  ]);
}
