// SPDX-License-Identifier: MIT
// Types of messages, and reasons of refusal, as the data sheets of Ocean FX, Flame and STS list them.

export const messages = {
  serial: 0x00000100,
  serialLength: 0x00000101,
  alias: 0x00000200,
  vendor: 0x00000e00,
  product: 0x00000e01,
  productName: 0x00000e11,
  abort: 0x00100000,
  bufferingEnabled: 0x00100800,
  setBufferingEnabled: 0x00100810,
  bufferSizeMost: 0x00100820,
  bufferSizeLeast: 0x00100821,
  bufferSize: 0x00100822,
  clearBuffer: 0x00100830,
  removeOldest: 0x00100831,
  setBufferSize: 0x00100832,
  buffered: 0x00100900,
  fillBuffer: 0x00100902,
  idle: 0x00100908,
  bufferedSpectra: 0x00100980,
  spectrum: 0x00101000,
  rawSpectrum: 0x00101100,
  integrationTime: 0x00110000,
  integrationTimeLeast: 0x00110001,
  integrationTimeMost: 0x00110002,
  integrationTimeStep: 0x00110003,
  setIntegrationTime: 0x00110010,
  triggerMode: 0x00110100,
  scansPerTrigger: 0x00110102,
  setTriggerMode: 0x00110110,
  setScansPerTrigger: 0x00110112,
  pulse: 0x00110120,
  pixels: 0x00110220,
  activePixels: 0x00110221,
  opticalDarkPixels: 0x00110222,
  electricDarkPixels: 0x00110223,
  wavelengthCoefficients: 0x00180100,
  wavelengthCoefficient: 0x00180101,
} as const;

/** What an instrument says in the error field. */
export const refusals: Readonly<Record<number, string>> = {
  1: "the protocol is not supported",
  2: "the type of message is not known",
  3: "the checksum is wrong",
  4: "the message is too large",
  5: "the payload has the wrong length",
  6: "the value is not possible",
  7: "the instrument is not ready for it",
  8: "the type of checksum is not known",
  9: "the instrument was reset",
  10: "commands come from too many connections",
  11: "out of memory",
  12: "there is no such information",
  13: "internal error of the instrument",
};

/** Trigger modes of the instrument, by the names MOSCA gives them. */
export const triggers = { FREERUN: 0, LEVEL: 1, EDGE: 3 } as const;
export type OceanTrigger = keyof typeof triggers;

/** Before each spectrum: metadata of 64 bytes. After each of several: a checksum of 4, which is not used. */
export const METADATA = 64;
export const AFTER_SPECTRUM = 4;
/** Spectra one bufferedSpectra gives at most. */
export const SPECTRA_PER_MESSAGE = 15;
