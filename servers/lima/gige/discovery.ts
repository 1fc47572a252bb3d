// SPDX-License-Identifier: MIT
// Finds GigE Vision devices on the networks of this machine.
import { createSocket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { readText } from "./genicam/bits.ts";
import { commands, decodeAnswer, encodeCommand, flags, gvcpPort } from "./gvcp.ts";
import { registers, textLengths } from "./registers-table.ts";

export interface DeviceDescription {
  /** As it says itself. */
  readonly address: string;
  readonly mac: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly version: string;
  readonly serialNumber: string;
  /** Given by its user; "" when none. */
  readonly userName: string;
}

/** Bytes of an answer: the first registers of the device. */
const answerLength = 0xf8;
/** Allows answers that are broadcast, too: those of devices whose address does not fit this network. */
const broadcastAnswer = 0x10;
const id = 0xffff;

/** @throws Error when the payload is too short. */
export function readDescription(payload: Uint8Array): DeviceDescription {
  if (payload.length < answerLength)
    throw new Error(`${payload.length} bytes in the answer to a discovery, ${answerLength} wanted`);
  const text = (name: keyof typeof textLengths) =>
    readText(payload.subarray(registers[name], registers[name] + textLengths[name]));
  const mac = payload.subarray(registers.macHigh + 2, registers.macHigh + 8);
  return {
    address: Array.from(payload.subarray(registers.currentIp, registers.currentIp + 4)).join("."),
    mac: Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join(":"),
    manufacturer: text("manufacturer"),
    model: text("model"),
    version: text("deviceVersion"),
    serialNumber: text("serialNumber"),
    userName: text("userName"),
  };
}

export interface DiscoveryOptions {
  /** Broadcast addresses, or those of devices. Default: the broadcast address of each of this machine's IPv4 networks. */
  readonly addresses?: readonly string[];
  /** Milliseconds to wait for answers, default 500. */
  readonly wait?: number;
  /** Enough is known: do not wait longer. */
  readonly until?: (found: DeviceDescription) => boolean;
  readonly signal?: AbortSignal;
}

/** Those that answered, each once. */
export async function discover(options: DiscoveryOptions = {}): Promise<readonly DeviceDescription[]> {
  const { addresses = broadcastAddresses(), wait = 500, until = () => false, signal } = options;
  const found = new Map<string, DeviceDescription>();
  const socket = createSocket("udp4");
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  socket.on("error", () => end());
  socket.on("message", (bytes) => {
    const device = descriptionIn(bytes);
    if (!device) return;
    found.set(`${device.mac} ${device.address}`, device);
    if (until(device)) end();
  });
  signal?.addEventListener("abort", () => end(), { once: true });
  try {
    await new Promise<void>((resolve) => socket.bind(0, resolve));
    socket.setBroadcast(true);
    const command = encodeCommand({
      command: commands.discovery,
      flags: flags.acknowledge | broadcastAnswer,
      id,
      payload: new Uint8Array(0),
    });
    // A network that is down refuses the datagram: the others are asked all the same.
    for (const address of addresses) socket.send(command, gvcpPort, address, () => {});
    const timer = setTimeout(end, wait);
    await ended;
    clearTimeout(timer);
    signal?.throwIfAborted();
    return [...found.values()];
  } finally {
    socket.close();
  }
}

function descriptionIn(bytes: Uint8Array): DeviceDescription | undefined {
  try {
    const { status, answer, payload } = decodeAnswer(bytes);
    return status === 0 && answer === commands.discovery + 1 ? readDescription(payload) : undefined;
  } catch {
    return undefined; // somebody else's datagram
  }
}

/** Of each IPv4 network of this machine, and that of all. */
function broadcastAddresses(): readonly string[] {
  const networks = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const ofEach = networks
    .filter(({ family }) => family === "IPv4")
    .map(({ address, netmask }) => {
      const mask = netmask.split(".").map(Number);
      const bytes = address.split(".").map((byte, i) => Number(byte) | (~(mask[i] ?? 255) & 255));
      return bytes.join(".");
    });
  return [...new Set([...ofEach, "255.255.255.255"])];
}
