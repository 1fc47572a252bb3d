// SPDX-License-Identifier: MIT
// The memory of the emulated camera: bootstrap registers, registers of its features, and its description.
import { strToU8, zipSync } from "fflate";
import { capability, registers, textLengths } from "../registers-table.ts";
import { statuses } from "../status-table.ts";
import { addresses, type Feature, featuresOf, type SensorSize } from "./features-table.ts";
import { describeFeatures } from "./xml.ts";

export interface Identity {
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly userName: string;
}

export interface MemoryOptions {
  readonly address: string;
  readonly identity: Identity;
  readonly sensor: SensorSize;
  /** Whether the description is kept zipped. */
  readonly zipped: boolean;
  /** Milliseconds. */
  readonly heartbeat: number;
  /** Whether packets can be asked for again. */
  readonly resend: boolean;
}

/** Registers end here; the description begins there. */
const [registersEnd, descriptionStart] = [0x2000, 0x10000];
/** Ticks of its clock in a second. */
const tickFrequency = 1_000_000_000;

export class GvcpStatus extends Error {
  override readonly name = "GvcpStatus";
  readonly status: number;
  constructor(status: number) {
    super(`GVCP status 0x${status.toString(16)}`);
    this.status = status;
  }
}

export class CameraMemory {
  readonly #registers = new DataView(new ArrayBuffer(registersEnd));
  readonly #description: Uint8Array;
  /** Addresses that hold something, and those of them that clients may write. */
  readonly #readable = new Set<number>();
  readonly #writable = new Set<number>();

  constructor(options: MemoryOptions) {
    const features = featuresOf(options.sensor);
    const { model, manufacturer } = options.identity;
    const xml = describeFeatures(model, manufacturer, features);
    const name = `${model.replaceAll(/\W/g, "_")}`;
    const packed = options.zipped ? zipSync({ [`${name}.xml`]: strToU8(xml) }) : strToU8(xml);
    this.#description = new Uint8Array(4 * Math.ceil(packed.length / 4));
    this.#description.set(packed);
    const file = `${name}.${options.zipped ? "zip" : "xml"}`;
    this.#bootstrap(options, `Local:${file};${descriptionStart.toString(16)};${packed.length.toString(16)}`);
    for (const feature of features) this.#add(feature);
  }

  get(address: number): number {
    return this.#registers.getUint32(address);
  }
  set(address: number, value: number): void {
    this.#registers.setUint32(address, value >>> 0);
  }
  float(address: number): number {
    return this.#registers.getFloat32(address);
  }

  /** For clients. @throws GvcpStatus */
  readRegister(address: number): number {
    if (address % 4 !== 0) throw new GvcpStatus(statuses.badAlignment);
    if (!this.#readable.has(address)) throw new GvcpStatus(statuses.invalidAddress);
    return this.get(address);
  }

  /** For clients. @throws GvcpStatus */
  writeRegister(address: number, value: number): void {
    if (address % 4 !== 0) throw new GvcpStatus(statuses.badAlignment);
    if (!this.#readable.has(address)) throw new GvcpStatus(statuses.invalidAddress);
    if (!this.#writable.has(address)) throw new GvcpStatus(statuses.writeProtect);
    this.set(address, value);
  }

  /** For clients. @throws GvcpStatus */
  readMemory(address: number, length: number): Uint8Array {
    if (address % 4 !== 0 || length % 4 !== 0) throw new GvcpStatus(statuses.badAlignment);
    const inDescription = address - descriptionStart;
    if (inDescription >= 0 && inDescription + length <= this.#description.length)
      return this.#description.slice(inDescription, inDescription + length);
    if (address + length > registersEnd) throw new GvcpStatus(statuses.invalidAddress);
    return new Uint8Array(this.#registers.buffer.slice(address, address + length));
  }

  #bootstrap({ address, identity, heartbeat, resend }: MemoryOptions, url: string): void {
    const numbers: readonly (readonly [keyof typeof registers, number])[] = [
      ["version", 0x0002_0000],
      ["deviceMode", 0x8000_0001], // big-endian, UTF-8
      ["macHigh", 0x0000_02ba],
      ["macLow", 0x4d0e_0000 | (numberOf(address) & 0xffff)],
      ["currentIp", numberOf(address)],
      ["subnetMask", 0xff00_0000],
      ["interfaces", 1],
      ["streamChannels", 1],
      ["gvcpCapability", capability.concatenation | capability.writeMemory | capability.pendingAck | (resend ? capability.packetResend : 0)],
      ["heartbeatTimeout", heartbeat],
      ["tickFrequencyHigh", 0],
      ["tickFrequencyLow", tickFrequency],
      ["packetSize", 1500],
    ]; // biome-ignore format: a table
    for (const name of Object.values(registers)) this.#readable.add(name);
    for (const [name, value] of numbers) this.set(registers[name], value);
    const writable = ["heartbeatTimeout", "timestampControl", "controlPrivilege", "streamPort", "packetSize", "packetDelay",
      "streamDestination", "streamConfiguration"] as const; // biome-ignore format: a list
    for (const name of writable) this.#writable.add(registers[name]);
    const texts = {
      ...identity,
      deviceVersion: "1.0",
      information: "emulated by Bandoneon",
      xmlUrl1: url,
      xmlUrl2: "",
    };
    for (const [name, text] of Object.entries(texts)) this.#text(registers[name as keyof typeof textLengths], text);
    for (const [name, length] of Object.entries(textLengths))
      for (let at = 0; at < length; at += 4) this.#readable.add(registers[name as keyof typeof textLengths] + at);
  }

  #text(address: number, text: string): void {
    new Uint8Array(this.#registers.buffer).set(new TextEncoder().encode(text), address);
  }

  #add(feature: Feature): void {
    if (feature.kind === "formula") return;
    const { address, access } = feature;
    const count = feature.kind === "text" ? feature.length / 4 : 1;
    const banks = feature.kind === "enumeration" && feature.chosenBy !== undefined ? 2 : 1;
    for (let i = 0; i < count * banks; i++) {
      const at = address + (banks > 1 ? 0x20 : 4) * i;
      this.#readable.add(at);
      if (access !== "RO") this.#writable.add(at);
    }
    if (feature.kind === "float" && feature.unit === undefined) this.#registers.setFloat32(address, feature.initial);
    else if (feature.kind === "float") this.set(address, Math.round(feature.initial / (feature.unit ?? 1)));
    else if ("initial" in feature && address >= addresses.width) this.set(address, feature.initial);
  }
}

export const numberOf = (address: string): number =>
  address.split(".").reduce((sum, byte) => ((sum << 8) | Number(byte)) >>> 0, 0);
