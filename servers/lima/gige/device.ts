// SPDX-License-Identifier: MIT
// One GigE Vision device under our control: its features, and the heartbeat that keeps others out.
import { type ControlChannel, type ControlOptions, GvcpRefusal, openControl } from "./control.ts";
import { fetchDescription } from "./description.ts";
import { parseXml } from "./genicam/element.ts";
import { NodeMap } from "./genicam/node-map.ts";
import type { Memory } from "./genicam/values.ts";
import { privilege, registers } from "./registers-table.ts";
import { statuses } from "./status-table.ts";

interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface GigeDevice extends AsyncDisposable {
  readonly about: string;
  readonly control: ControlChannel;
  readonly features: NodeMap;
  /** Aborted, with the reason, when the device no longer answers or obeys somebody else. */
  readonly lost: AbortSignal;
  /** Takes control (again): after the device was away, say. @throws Error when another program has it. */
  takeControl(options?: CallOptions): Promise<void>;
}

/** Takes control and reads the description. @throws Error naming the device: it does not answer, obeys another, or is not understood. */
export async function openDevice(options: ControlOptions, call: CallOptions = {}): Promise<GigeDevice> {
  await using stack = new AsyncDisposableStack();
  const control = stack.use(await openControl(options));
  const heart = stack.use(new Heart(control));
  await heart.start(call);
  const text = await fetchDescription(control, call);
  const features = nodeMap(control, text);
  const owned = stack.move();
  return {
    about: control.about,
    control,
    features,
    get lost() {
      return heart.lost;
    },
    takeControl: (options) => heart.start(options),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function nodeMap(control: ControlChannel, text: string): NodeMap {
  try {
    return new NodeMap(parseXml(text), memoryOf(control));
  } catch (error) {
    throw new Error(`${control.about}: ${(error as Error).message}`);
  }
}

/** Registers are read one by one; everything else as memory. */
function memoryOf(control: ControlChannel): Memory {
  const isRegister = (address: number, length: number) => length === 4 && address % 4 === 0;
  return {
    read: async (address, length) => {
      if (!isRegister(address, length)) return control.readMemory(address, length);
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, await control.readRegister(address));
      return bytes;
    },
    write: async (address, bytes) => {
      if (isRegister(address, bytes.length))
        return control.writeRegister(address, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
      const [start, end] = [address - (address % 4), 4 * Math.ceil((address + bytes.length) / 4)];
      const all = start === address && end === address + bytes.length ? bytes : await around(start, end);
      if (all !== bytes) all.set(bytes, address - start);
      return control.writeMemory(start, all);
    },
  };

  async function around(start: number, end: number): Promise<Uint8Array> {
    return (await control.readMemory(start, end - start)).slice();
  }
}

/** Holds the control privilege: the device drops it when it hears nothing for its timeout. */
class Heart implements AsyncDisposable {
  readonly #control: ControlChannel;
  #lost = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #owner = false;

  constructor(control: ControlChannel) {
    this.#control = control;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async start(call: CallOptions = {}): Promise<void> {
    clearTimeout(this.#timer);
    await this.#beating;
    const { about } = this.#control;
    try {
      await this.#control.writeRegister(registers.controlPrivilege, privilege.control, call);
    } catch (error) {
      if (!(error instanceof GvcpRefusal && error.status === statuses.accessDenied)) throw error;
      throw new Error(`${about} is controlled by another program: end that one first`);
    }
    this.#owner = true;
    if (this.#lost.signal.aborted) this.#lost = new AbortController();
    const timeout = await this.#control.readRegister(registers.heartbeatTimeout, call);
    this.#beat(Math.max(50, Math.min(1000, (timeout || 3000) / 3)));
  }

  #beat(period: number): void {
    this.#timer = setTimeout(() => {
      this.#beating = this.#look().then(
        () => this.#beat(period),
        (error: unknown) => this.#lost.abort(error),
      );
    }, period);
  }

  /** @throws Error when control is lost. */
  async #look(): Promise<void> {
    const held = await this.#control.readRegister(registers.controlPrivilege);
    if ((held & (privilege.control | privilege.exclusive)) !== 0) return;
    throw new Error(`${this.#control.about} has forgotten that it is controlled from here: it was away, or restarted`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#beating;
    clearTimeout(this.#timer);
    if (!this.#owner || this.#lost.signal.aborted) return;
    // One that does not answer has forgotten us anyway.
    await this.#control.writeRegister(registers.controlPrivilege, privilege.none).catch(() => {});
  }
}
