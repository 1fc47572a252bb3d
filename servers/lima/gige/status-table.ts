// SPDX-License-Identifier: MIT
// Status codes in answers of GigE Vision devices and in stream packets.

export const statuses = {
  success: 0x0000,
  packetResent: 0x0100,
  notImplemented: 0x8001,
  invalidParameter: 0x8002,
  invalidAddress: 0x8003,
  writeProtect: 0x8004,
  badAlignment: 0x8005,
  accessDenied: 0x8006,
  busy: 0x8007,
  localProblem: 0x8008,
  messageMismatch: 0x8009,
  invalidProtocol: 0x800a,
  noMessage: 0x800b,
  packetUnavailable: 0x800c,
  dataOverrun: 0x800d,
  invalidHeader: 0x800e,
  wrongConfiguration: 0x800f,
  packetNotYetAvailable: 0x8010,
  packetAndPreviousRemoved: 0x8011,
  packetRemoved: 0x8012,
  noReferenceTime: 0x8013,
  temporarilyUnavailable: 0x8014,
  overflow: 0x8015,
  actionLate: 0x8016,
  error: 0x8fff,
} as const;

const texts: ReadonlyMap<number, string> = new Map([
  [statuses.notImplemented, "the device does not know this command"],
  [statuses.invalidParameter, "invalid parameter"],
  [statuses.invalidAddress, "there is nothing at this address"],
  [statuses.writeProtect, "it cannot be written"],
  [statuses.badAlignment, "the address or size is no multiple of 4"],
  [statuses.accessDenied, "access denied: another program controls the device"],
  [statuses.busy, "the device is busy"],
  [statuses.packetUnavailable, "the packet is no longer kept"],
  [statuses.dataOverrun, "data overrun in the device"],
  [statuses.error, "an error without a reason"],
]);

/** What a status says, for people. */
export const statusText = (status: number): string =>
  `${texts.get(status) ?? "an error"} (0x${status.toString(16).padStart(4, "0")})`;
