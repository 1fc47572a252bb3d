// SPDX-License-Identifier: MIT
// A GigE Vision camera made of software: it is found, controlled and streams like a real one, and goes wrong on request.
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import {
  type Answer, type Command, commands, decodeCommand, decodeResend, decodeWords, encodeAnswer, encodeWords, flags, gvcpPort,
  pendingAnswer,
} from "../gvcp.ts"; // biome-ignore format: a list
import { latchTimestamp, privilege, registers } from "../registers-table.ts";
import { statuses } from "../status-table.ts";
import { destinationIn, Exposure } from "./exposure.ts";
import { addresses, type SensorSize } from "./features-table.ts";
import { CameraMemory, GvcpStatus, type Identity } from "./memory.ts";
import { Sender } from "./sender.ts";
import { fairWeather, type Weather } from "./weather.ts";

export interface GigeEmulatorOptions {
  /** Of this machine; each camera needs its own, e.g. 127.0.0.5. */
  readonly address: string;
  /** Default 3956, where clients look. */
  readonly port?: number;
  /** Where it hears discoveries too, e.g. 127.255.255.255; default: at its own address only. */
  readonly broadcast?: string;
  readonly identity?: Partial<Identity>;
  readonly sensor?: SensorSize;
  readonly zipped?: boolean;
  /** Milliseconds without a command until control is free again. Default 3000. */
  readonly heartbeat?: number;
  /** Whether packets can be asked for again. Default true. */
  readonly resend?: boolean;
  /** 64-bit block numbers (GigE Vision 2). Default false. */
  readonly extendedIds?: boolean;
}

export interface GigeEmulator extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  readonly weather: Weather;
  /** Images made since it was started. */
  readonly frames: number;
  /** Packets sent because they were asked for. */
  readonly resent: number;
  /** Whether it is controlled by somebody. */
  readonly controlled: boolean;
  /** Whether it waits for a trigger. */
  readonly waiting: boolean;
  /** The level of its input Line1. */
  line(level: boolean): void;
  /** Forgets who controls it, as after a power cut. */
  restart(): void;
}

const usual: Identity = { manufacturer: "Bandoneon", model: "Emulated", serialNumber: "EM01", userName: "" };

/** @throws Error when the address and port are taken. */
export async function emulateGige(options: GigeEmulatorOptions): Promise<GigeEmulator> {
  const { address, port = gvcpPort, broadcast } = options;
  const socket = await bound(address, port);
  const ears = broadcast === undefined ? [] : [await bound(broadcast, port)];
  return new EmulatedCamera(socket, ears, { ...options, port });
}

async function bound(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: "udp4", reuseAddr: true, sendBufferSize: 8 << 20 });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, address, resolve);
  });
  socket.removeAllListeners("error");
  socket.on("error", () => {}); // "nobody listens there any more": UDP promises nothing
  return socket;
}

class EmulatedCamera implements GigeEmulator {
  readonly address: string;
  readonly port: number;
  readonly weather = fairWeather();
  readonly #socket: Socket;
  readonly #ears: readonly Socket[];
  readonly #memory: CameraMemory;
  readonly #sender: Sender;
  readonly #exposure: Exposure;
  /** Who controls it, and when it was heard last. */
  #owner: { readonly who: string; heard: number } | undefined;
  /** A request that is repeated is answered again, not done again. */
  #answered: { readonly to: string; readonly id: number; readonly answer: Uint8Array } | undefined;
  readonly #watch: NodeJS.Timeout;

  constructor(socket: Socket, ears: readonly Socket[], options: GigeEmulatorOptions & { readonly port: number }) {
    const { sensor = { width: 640, height: 480 }, zipped = true, heartbeat = 3000, resend = true } = options;
    const identity = { ...usual, ...options.identity };
    this.address = options.address;
    this.port = socket.address().port;
    this.#socket = socket;
    this.#ears = ears;
    this.#memory = new CameraMemory({ address: options.address, identity, sensor, zipped, heartbeat, resend });
    this.#sender = new Sender(socket, this.weather, options.extendedIds ?? false);
    this.#exposure = new Exposure(this.#memory, this.#sender, options.extendedIds ?? false);
    for (const each of [socket, ...ears]) each.on("message", (bytes, from) => this.#receive(bytes, from));
    this.#watch = setInterval(() => this.#watchHeartbeat(), 20);
  }

  get frames(): number {
    return this.#exposure.frames;
  }
  get resent(): number {
    return this.#sender.resent;
  }
  get waiting(): boolean {
    return this.#exposure.waiting;
  }
  get controlled(): boolean {
    return this.#owner !== undefined;
  }

  line(level: boolean): void {
    this.#exposure.line(level);
  }

  restart(): void {
    this.#owner = undefined;
    this.#memory.set(registers.controlPrivilege, 0);
    this.#memory.set(registers.streamPort, 0);
    void this.#exposure.stop();
  }

  #watchHeartbeat(): void {
    const timeout = this.#memory.get(registers.heartbeatTimeout);
    if (this.#owner && performance.now() - this.#owner.heard > timeout) this.restart();
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    if (this.weather.unplugged) return;
    let command: Command;
    try {
      command = decodeCommand(bytes);
    } catch {
      return; // no GVCP: a device keeps silent
    }
    const who = `${from.address}:${from.port}`;
    if (this.#owner?.who === who) this.#owner.heard = performance.now();
    const repeated = this.#answered?.to === who && this.#answered.id === command.id;
    const answer = repeated && this.#answered ? this.#answered.answer : encodeAnswer(this.#answer(command, who));
    this.#answered = { to: who, id: command.id, answer };
    if ((command.flags & flags.acknowledge) === 0) return;
    if (this.weather.loseAnswers > 0) {
      this.weather.loseAnswers--;
      return;
    }
    const { slowWrites } = this.weather;
    if (slowWrites === 0 || command.command !== commands.writeRegister) {
      this.#send(answer, from);
      return;
    }
    const waiting = { status: 0, answer: pendingAnswer, id: command.id, payload: encodeWords(slowWrites) };
    this.#send(encodeAnswer(waiting), from);
    setTimeout(() => this.#send(answer, from), slowWrites);
  }

  #send(bytes: Uint8Array, { address, port }: RemoteInfo): void {
    this.#socket.send(bytes, port, address, () => {});
  }

  #answer(command: Command, who: string): Answer {
    const head = { answer: command.command + 1, id: command.id };
    try {
      return { ...head, status: statuses.success, payload: this.#execute(command, who) };
    } catch (error) {
      const status = error instanceof GvcpStatus ? error.status : statuses.invalidParameter;
      return { ...head, status, payload: new Uint8Array(0) };
    }
  }

  #execute({ command, payload, ...rest }: Command, who: string): Uint8Array {
    switch (command) {
      case commands.discovery:
        return this.#memory.readMemory(0, 0xf8);
      case commands.readRegister:
        return encodeWords(...decodeWords(payload, 1).map((address) => this.#memory.readRegister(address)));
      case commands.writeRegister:
        return this.#writeRegisters(decodeWords(payload, 2), who);
      case commands.readMemory: {
        const [address = 0, length = 0] = decodeWords(payload, 2);
        return new Uint8Array([...encodeWords(address), ...this.#memory.readMemory(address, length & 0xffff)]);
      }
      case commands.writeMemory: {
        // Registers do the same whichever way they are written.
        const [address = 0, ...words] = decodeWords(payload, 2);
        for (const [i, word] of words.entries()) this.#write(address + 4 * i, word, who);
        return encodeWords(4 * words.length);
      }
      case commands.packetResend:
        // The stream's receiver may ask from a socket of its own.
        if (this.#owner?.who.split(":")[0] === who.split(":")[0])
          this.#sender.resend(decodeResend({ command, payload, ...rest }));
        return new Uint8Array(0);
      default:
        throw new GvcpStatus(statuses.notImplemented);
    }
  }

  #writeRegisters(words: readonly number[], who: string): Uint8Array {
    const count = words.length >> 1;
    for (let i = 0; i < count; i++) this.#write(words[2 * i] ?? 0, words[2 * i + 1] ?? 0, who);
    return encodeWords(count);
  }

  #checkAccess(who: string): void {
    if (this.#owner?.who !== who) throw new GvcpStatus(statuses.accessDenied);
  }

  #write(address: number, value: number, who: string): void {
    if (address === registers.controlPrivilege) this.#control(value, who);
    else this.#set(address, value, who);
  }

  #set(address: number, value: number, who: string): void {
    this.#checkAccess(who);
    if (
      address >= addresses.width &&
      address <= addresses.pixelFormat &&
      this.#memory.get(addresses.paramsLocked) === 1
    )
      throw new GvcpStatus(statuses.writeProtect);
    this.#memory.writeRegister(address, value);
    if (address === addresses.acquisition) void (value === 1 ? this.#exposure.start() : this.#exposure.stop());
    if (address === addresses.triggerSoftware) this.#exposure.softwareTrigger();
    if (address === registers.streamPort) this.#exposure.restartBlocks();
    if (address === registers.packetSize) this.#packetSize(value);
    if (address === registers.timestampControl && (value & latchTimestamp) !== 0) this.#latch();
  }

  #control(value: number, who: string): void {
    if (this.#owner && this.#owner.who !== who) throw new GvcpStatus(statuses.accessDenied);
    this.#memory.set(registers.controlPrivilege, value);
    if ((value & (privilege.control | privilege.exclusive)) !== 0) this.#owner = { who, heard: performance.now() };
    else this.restart();
  }

  /** Bit 31: a packet of that size is to be sent now. */
  #packetSize(value: number): void {
    this.#memory.set(registers.packetSize, value & 0x7fff_ffff);
    if (value >>> 31 === 1) this.#sender.test(destinationIn(this.#memory));
  }

  #latch(): void {
    const now = process.hrtime.bigint();
    this.#memory.set(registers.timestampHigh, Number(now >> 32n));
    this.#memory.set(registers.timestampLow, Number(now & 0xffff_ffffn));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    await this.#exposure.stop();
    for (const socket of [this.#socket, ...this.#ears])
      await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}
