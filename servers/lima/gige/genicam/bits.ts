// SPDX-License-Identifier: MIT
// What the bytes of a register say: whole numbers, also in some of its bits, floating point numbers, texts.

export interface Layout {
  readonly bigEndian: boolean;
  readonly signed: boolean;
  /** Bits counted from the lowest; without it the whole register. */
  readonly mask?: { readonly lowest: number; readonly highest: number };
}

/** 64-bit numbers beyond 2^53 lose their lowest bits. */
export function readInteger(bytes: Uint8Array, { bigEndian, signed, mask }: Layout): number {
  const { lowest, highest } = mask ?? { lowest: 0, highest: 8 * bytes.length - 1 };
  const width = highest - lowest + 1;
  const field = (joined(bytes, bigEndian) >> BigInt(lowest)) & ((1n << BigInt(width)) - 1n);
  return Number(signed ? BigInt.asIntN(width, field) : field);
}

/** Changes `bytes`; the bits beside the mask stay. @throws Error when the value does not fit. */
export function writeInteger(bytes: Uint8Array, { bigEndian, signed, mask }: Layout, value: number): void {
  const { lowest, highest } = mask ?? { lowest: 0, highest: 8 * bytes.length - 1 };
  const width = highest - lowest + 1;
  const whole = BigInt(Math.round(value));
  const fits = signed ? BigInt.asIntN(width, whole) === whole : BigInt.asUintN(width, whole) === whole;
  if (!fits) throw new Error(`${value} does not fit into ${width} ${signed ? "signed " : ""}bits`);
  const ones = ((1n << BigInt(width)) - 1n) << BigInt(lowest);
  let rest = (joined(bytes, bigEndian) & ~ones) | ((whole << BigInt(lowest)) & ones);
  for (let i = 0; i < bytes.length; i++) {
    bytes[bigEndian ? bytes.length - 1 - i : i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

function joined(bytes: Uint8Array, bigEndian: boolean): bigint {
  let all = 0n;
  for (let i = 0; i < bytes.length; i++) all = (all << 8n) | BigInt(bytes[bigEndian ? i : bytes.length - 1 - i] ?? 0);
  return all;
}

/** Of 4 or 8 bytes. */
export function readFloat(bytes: Uint8Array, { bigEndian }: Layout): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length === 8 ? view.getFloat64(0, !bigEndian) : view.getFloat32(0, !bigEndian);
}

export function writeFloat(bytes: Uint8Array, { bigEndian }: Layout, value: number): void {
  const view = new DataView(bytes.buffer);
  if (bytes.length === 8) view.setFloat64(0, value, !bigEndian);
  else view.setFloat32(0, value, !bigEndian);
}

/** Up to the first zero byte. */
export function readText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
