// SPDX-License-Identifier: MIT
// The control channel to one GigE Vision device: registers and memory over UDP, one request at a time, each repeated until
// it is answered.
import { createSocket, type Socket } from "node:dgram";
import {
  type Answer, commands, decodeAnswer, decodeWords, encodeCommand, encodeWords, flags, gvcpPort, longestMemory,
  pendingAnswer,
} from "./gvcp.ts"; // biome-ignore format: a list
import { statuses, statusText } from "./status-table.ts";

export interface ControlOptions {
  readonly host: string;
  /** Default 3956; emulators may have another. */
  readonly port?: number;
  /** Milliseconds for one answer, default 500; a request is sent four times. */
  readonly timeout?: number;
}
interface CallOptions {
  readonly signal?: AbortSignal;
}

/** The device's own refusal. */
export class GvcpRefusal extends Error {
  override readonly name = "GvcpRefusal";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const attempts = 4;

export interface ControlChannel extends AsyncDisposable {
  /** What it is, for messages: "GigE camera 192.168.0.5". */
  readonly about: string;
  /** The address of this machine through which the device is reached. */
  readonly localAddress: string;
  /** That of the device. */
  readonly remoteAddress: string;
  /** @throws GvcpRefusal, or Error when the device does not answer. */
  readRegister(address: number, options?: CallOptions): Promise<number>;
  writeRegister(address: number, value: number, options?: CallOptions): Promise<void>;
  /** Any address and length: what is beside is read too where the device wants multiples of 4. */
  readMemory(address: number, length: number, options?: CallOptions): Promise<Uint8Array>;
  /** Address and length are multiples of 4. */
  writeMemory(address: number, bytes: Uint8Array, options?: CallOptions): Promise<void>;
}

/** Makes the socket; the device is not asked anything yet. */
export async function openControl({ host, port = gvcpPort, timeout = 500 }: ControlOptions): Promise<ControlChannel> {
  const about = `GigE camera ${host}${port === gvcpPort ? "" : `:${port}`}`;
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.connect(port, host, resolve);
    });
  } catch (error) {
    socket.close();
    throw new Error(`${about} cannot be reached: ${(error as Error).message}`);
  }
  return new UdpControl(socket, about, timeout);
}

interface Waiting {
  readonly id: number;
  readonly take: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
}

class UdpControl implements ControlChannel {
  readonly about: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #timeout: number;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting: Waiting | undefined;
  #id = 0;
  #closed = false;

  constructor(socket: Socket, about: string, timeout: number) {
    this.about = about;
    this.localAddress = socket.address().address;
    this.remoteAddress = socket.remoteAddress().address;
    this.#socket = socket;
    this.#timeout = timeout;
    socket.removeAllListeners("error");
    // "Connection refused": nobody listens there. It concerns the request that waits, if any.
    socket.on("error", (error) => this.#waiting?.fail(new Error(`${about} cannot be reached: ${error.message}`)));
    socket.on("message", (bytes) => this.#receive(bytes));
  }

  async readRegister(address: number, options?: CallOptions): Promise<number> {
    const what = `read register ${hex(address)}`;
    const payload = await this.#ask(commands.readRegister, encodeWords(address), what, options);
    return decodeWords(payload, 1)[0] ?? 0;
  }

  async writeRegister(address: number, value: number, options?: CallOptions): Promise<void> {
    const what = `write ${hex(value)} to register ${hex(address)}`;
    await this.#ask(commands.writeRegister, encodeWords(address, value), what, options);
  }

  async readMemory(address: number, length: number, options?: CallOptions): Promise<Uint8Array> {
    const start = address - (address % 4);
    const end = 4 * Math.ceil((address + length) / 4);
    const all = new Uint8Array(end - start);
    for (let at = start; at < end; ) {
      const count = Math.min(longestMemory, end - at);
      const what = `read ${count} bytes at ${hex(at)}`;
      const payload = await this.#ask(commands.readMemory, encodeWords(at, count), what, options);
      if (payload.length !== 4 + count) throw new Error(`${this.about}: ${what}: ${payload.length - 4} bytes came`);
      all.set(payload.subarray(4), at - start);
      at += count;
    }
    return all.subarray(address - start, address - start + length);
  }

  async writeMemory(address: number, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    for (let at = 0; at < bytes.length; at += longestMemory) {
      const piece = bytes.subarray(at, at + longestMemory);
      const payload = new Uint8Array([...encodeWords(address + at), ...piece]);
      await this.#ask(commands.writeMemory, payload, `write ${piece.length} bytes at ${hex(address + at)}`, options);
    }
  }

  #ask(command: number, payload: Uint8Array, what: string, options: CallOptions = {}): Promise<Uint8Array> {
    const answer = this.#turn.then(() => this.#exchange(command, payload, what, options));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  async #exchange(command: number, payload: Uint8Array, what: string, { signal }: CallOptions): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (this.#closed) throw new Error(`${this.about}: the control channel is closed`);
    const id = this.#nextId();
    const bytes = encodeCommand({ command, flags: flags.acknowledge, id, payload });
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const aborted = () => reject(signal?.reason);
    signal?.addEventListener("abort", aborted, { once: true });
    let timer: NodeJS.Timeout | undefined;
    let sent = 0;
    const send = () => {
      if (sent++ === attempts)
        return reject(new Error(`${this.about} does not answer: ${what} was sent ${attempts} times`));
      this.#socket.send(bytes, ignore);
      timer = setTimeout(send, this.#timeout);
    };
    // "Wait": the device has understood, and says for how many milliseconds.
    const take = (answer: Answer) => {
      if (answer.answer !== pendingAnswer) return resolve(answer);
      clearTimeout(timer);
      timer = setTimeout(send, Math.min(decodeWords(answer.payload, 1)[0] ?? 0, 60_000) + this.#timeout);
    };
    this.#waiting = { id, take, fail: reject };
    send();
    try {
      const answer = await promise;
      if (answer.status >= 0x8000)
        throw new GvcpRefusal(answer.status, `${this.about} refused to ${what}: ${statusText(answer.status)}`);
      if (answer.status === statuses.success && answer.answer === command + 1) return answer.payload;
      throw new Error(`${this.about}: ${what} was answered by ${hex(answer.answer)}, status ${hex(answer.status)}`);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      this.#waiting = undefined;
    }
  }

  #receive(bytes: Uint8Array): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    try {
      const answer = decodeAnswer(bytes);
      // Another id: the late answer to a request that was repeated.
      if (answer.id === waiting.id) waiting.take(answer);
    } catch (error) {
      waiting.fail(new Error(`${this.about} sent what is no GVCP: ${(error as Error).message}`));
    }
  }

  #nextId(): number {
    this.#id = this.#id >= 0xffff ? 1 : this.#id + 1;
    return this.#id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting?.fail(new Error(`${this.about}: the control channel is closed`));
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}

/** What a datagram's sending fails with is told by the answer that does not come. */
const ignore = (): void => {};
const hex = (value: number): string => `0x${value.toString(16)}`;
