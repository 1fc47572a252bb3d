// SPDX-License-Identifier: MIT
// A histogram as an instrument sends it: the length of its header, the header as a message, and the spectra behind it as
// plain 32-bit counts.
import { type HistogramHeader, histogramHeader } from "./message-table.ts";
import { decode, encode } from "./protobuf.ts";

export interface Histogram {
  readonly header: HistogramHeader;
  /** Counts of accepted pulses, one a channel; empty when they were not asked for. */
  readonly accepted: Uint32Array;
}

/** A length of the header that does not fit 16 bits follows this mark. */
const LONG = 0xffff;
const ACCEPTED = 1;

/** @throws Error when the lengths in it do not fit */
export function decodeHistogram(payload: Uint8Array): Histogram {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const need = (bytes: number, what: string) => {
    if (bytes <= payload.length) return;
    throw new Error(`a histogram of ${payload.length} bytes ends before its ${what} does`);
  };
  need(2, "length");
  const long = view.getUint16(0, true) === LONG;
  if (long) need(6, "length");
  const start = long ? 6 : 2;
  const end = start + (long ? view.getUint32(2, true) : view.getUint16(0, true));
  need(end, "header");
  const header = decode(histogramHeader, payload.subarray(start, end));
  const channels = (header.spectrumSelectionMask ?? 0) & ACCEPTED ? (header.plotLen?.[0] ?? 0) : 0;
  need(end + 4 * channels, "spectrum");
  return { header, accepted: new Uint32Array(new Uint8Array(payload.subarray(end, end + 4 * channels)).buffer) };
}

export function encodeHistogram({ header, accepted }: Histogram): Uint8Array {
  const message = encode(histogramHeader, { ...header, spectrumSelectionMask: ACCEPTED, plotLen: [accepted.length] });
  const bytes = new Uint8Array(2 + message.length + 4 * accepted.length);
  new DataView(bytes.buffer).setUint16(0, message.length, true);
  bytes.set(message, 2);
  bytes.set(new Uint8Array(accepted.buffer, accepted.byteOffset, accepted.byteLength), 2 + message.length);
  return bytes;
}
