// SPDX-License-Identifier: MIT
// Bootstrap registers of GigE Vision devices: the same in all of them. Numbers are big-endian.

export const registers = {
  version: 0x0,
  deviceMode: 0x4,
  macHigh: 0x8,
  macLow: 0xc,
  currentIp: 0x24,
  subnetMask: 0x34,
  gateway: 0x44,
  manufacturer: 0x48,
  model: 0x68,
  deviceVersion: 0x88,
  information: 0xa8,
  serialNumber: 0xd8,
  userName: 0xe8,
  xmlUrl1: 0x200,
  xmlUrl2: 0x400,
  interfaces: 0x600,
  messageChannels: 0x900,
  streamChannels: 0x904,
  gvcpCapability: 0x934,
  /** Milliseconds without a command after which the device forgets who controls it. */
  heartbeatTimeout: 0x938,
  tickFrequencyHigh: 0x93c,
  tickFrequencyLow: 0x940,
  timestampControl: 0x944,
  timestampHigh: 0x948,
  timestampLow: 0x94c,
  controlPrivilege: 0xa00,
  streamPort: 0xd00,
  packetSize: 0xd04,
  packetDelay: 0xd08,
  streamDestination: 0xd18,
  streamSourcePort: 0xd1c,
  streamConfiguration: 0xd24,
} as const;

/** Bytes of the texts among them. */
export const textLengths = {
  manufacturer: 32,
  model: 32,
  deviceVersion: 32,
  information: 48,
  serialNumber: 16,
  userName: 16,
  xmlUrl1: 512,
  xmlUrl2: 512,
} as const satisfies Partial<Record<keyof typeof registers, number>>;

/** Of register `controlPrivilege`. */
export const privilege = { none: 0, exclusive: 1, control: 2 } as const;
/** Of register `gvcpCapability`. */
export const capability = { concatenation: 1, writeMemory: 2, packetResend: 4, pendingAck: 0x20 } as const;
/** Of register `timestampControl`: copies the clock to `timestampHigh` and `timestampLow`. */
export const latchTimestamp = 2;
