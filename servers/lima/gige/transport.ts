// SPDX-License-Identifier: MIT
// Sets up the way from the camera to our stream socket: where packets go, and how large they are.
import type { ControlChannel } from "./control.ts";
import { registers } from "./registers-table.ts";
import type { ImageStream } from "./stream.ts";

export interface PacketSettings {
  /** Bytes with all headers, at most. */
  readonly size: number;
  /** Ticks of the camera's clock between two packets. */
  readonly packetDelay: number;
}

/** Register bits beside the packet size: send a test packet now; let no router cut packets. */
const [fireTestPacket, doNotFragment] = [0x8000_0000, 0x4000_0000];
/** What every Ethernet carries. */
const ordinary = 1500;
/** Milliseconds a test packet may take. */
const testPatience = 100;

/** Opens the camera's stream channel. @returns the bytes of a full packet, with all headers. */
export async function openTransport(
  control: ControlChannel,
  stream: ImageStream,
  { size, packetDelay }: PacketSettings,
  call: { readonly signal?: AbortSignal },
): Promise<number> {
  await control.writeRegister(registers.streamDestination, numberOf(control.localAddress), call);
  await control.writeRegister(registers.streamPort, stream.port, call);
  await control.writeRegister(registers.packetDelay, packetDelay, call);
  const chosen = size <= ordinary || (await arrives(control, stream, size, call)) ? size : ordinary;
  await control.writeRegister(registers.packetSize, (doNotFragment | chosen) >>> 0, call);
  // The camera may have rounded it.
  return (await control.readRegister(registers.packetSize, call)) & 0xffff;
}

/** Whether a packet of this size comes through. */
async function arrives(
  control: ControlChannel,
  stream: ImageStream,
  size: number,
  call: { readonly signal?: AbortSignal },
): Promise<boolean> {
  const came = stream.testPacket(size, testPatience);
  try {
    await control.writeRegister(registers.packetSize, (fireTestPacket | doNotFragment | size) >>> 0, call);
  } catch {
    return false; // larger than the camera makes them
  }
  return came;
}

const numberOf = (address: string): number => address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
