// SPDX-License-Identifier: MIT
// An emulated FalconX on a TCP port: SINC in front of channels that see simulated photons.
import { createServer, type Server, type Socket } from "node:net";
import { PhotonSource } from "../simulator/photons.ts";
import { defaultParameters, EmulatedChannel, options } from "./emulated-channel.ts";
import type { ParameterValue } from "./module.ts";
import { encodeFrame, type Frame, FrameReader, markers } from "./sinc/frame.ts";
import { encodeHistogram, type Histogram } from "./sinc/histogram.ts";
import {
  type KeyValue,
  type MessageName,
  type MessageOf,
  messages,
  NOT_FOUND,
  parameterTypes,
} from "./sinc/message-table.ts";
import { decode, encode } from "./sinc/protobuf.ts";

export interface EmulatorOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default 8. */
  readonly channels?: number;
  /** Photons a second on each detector. Default 50,000. */
  readonly rate?: number;
  readonly seed?: number;
}
export interface FalconXEmulator extends AsyncDisposable {
  readonly port: number;
  readonly channels: readonly EmulatedChannel[];
  /** The level of the external signal of all channels. */
  gate(high: boolean): void;
  /** Tells every client of an error of its own. */
  complain(message: string): void;
  /** Cuts every connection, as a pulled cable. */
  cut(): void;
}

const BAD_PARAMETERS = 10003;
const UNIMPLEMENTED = 10001;
const DEVICE_ERROR = 10014;
/** Energy of the end of the last channel, eV, and what the sample is made of. */
const FULL_SCALE = 40_960;
const CONTENT = { Fe: 1, Cu: 1, Pb: 0.5 };

export async function startFalconXEmulator(options: EmulatorOptions = {}): Promise<FalconXEmulator> {
  const clients = new Map<Socket, Set<number>>();
  const channels = channelsOf(options, clients);
  const server = createServer((socket) => {
    // Until it says otherwise a client hears of the channel it is connected to.
    clients.set(socket, new Set([0]));
    socket.on("close", () => clients.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket, { channels, monitor: (monitored) => void clients.set(socket, monitored) });
  });
  await listening(server, options.port ?? 0);
  const cut = () => {
    for (const socket of clients.keys()) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    channels,
    gate: (high) => {
      for (const channel of channels) channel.gate(high);
    },
    complain: (message) => {
      const error = { success: { errorCode: DEVICE_ERROR, message } };
      const { type, fields } = messages.asynchronousError;
      for (const socket of clients.keys()) socket.write(encodeFrame(markers.response, type, encode(fields, error)));
    },
    cut,
    [Symbol.asyncDispose]: async () => {
      for (const channel of channels) channel.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}

/** Channels that tell every client who monitors them. */
function channelsOf(
  { channels = 8, rate = 50_000, seed = 1 }: EmulatorOptions,
  clients: ReadonlyMap<Socket, ReadonlySet<number>>,
): readonly EmulatedChannel[] {
  const tell = (name: MessageName, channel: number, payload: Uint8Array) => {
    const frame = encodeFrame(markers.response, messages[name].type, payload);
    for (const [socket, monitored] of clients) if (monitored.has(channel)) socket.write(frame);
  };
  const teller = {
    histogram: (channel: number, histogram: Histogram) => tell("histogramData", channel, encodeHistogram(histogram)),
    state: (channel: number, state: string) => tell("paramUpdated", channel, stateUpdate(channel, state)),
  };
  const photons = (number: number) =>
    new PhotonSource({ sample: { content: CONTENT, rate }, fullScale: FULL_SCALE, seed: seed + number });
  return Array.from({ length: channels }, (_, number) => new EmulatedChannel(number, photons(number), teller));
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

const stateUpdate = (channel: number, state: string): Uint8Array =>
  encode(messages.paramUpdated.fields, { params: [keyValue("channel.state", state)], channelId: channel });

/** What a client can act on. */
interface Box {
  readonly channels: readonly EmulatedChannel[];
  /** The channels this client hears of. */
  monitor(channels: Set<number>): void;
}

function serve(socket: Socket, box: Box): void {
  const reader = new FrameReader(markers.command);
  socket.on("data", (bytes) => {
    try {
      for (const frame of reader.take(bytes)) socket.write(answer(frame, box));
    } catch {
      socket.destroy();
    }
  });
}

/** A refusal: code, and which parameter. */
class Refusal extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

function channelOf({ channels }: Box, channelId = 0): EmulatedChannel {
  const channel = channels[channelId];
  if (channel) return channel;
  throw new Refusal(BAD_PARAMETERS, `there is no channel ${channelId}`);
}

type Answer = MessageOf<"getParamResponse"> | undefined;
/** What each command does; what answers nothing is acknowledged. */
const commands: { readonly [N in MessageName]?: (asked: MessageOf<N>, box: Box) => Answer } = {
  ping: () => undefined,
  getParam: ({ key = "", channelId = 0 }, box) => {
    const value = valueIn(channelOf(box, channelId), key, box.channels.length);
    return { success: {}, results: [{ ...keyValue(key, value), channelId }], channelId };
  },
  setParam: ({ param, params = [], channelId }, box): undefined => {
    for (const one of param ? [param, ...params] : params) put(channelOf(box, one.channelId ?? channelId), one);
  },
  startHistogram: ({ channelId }, box) => void channelOf(box, channelId).start(),
  stopDataAcquisition: ({ channelId }, box) => void channelOf(box, channelId).stop(),
  monitorChannels: ({ channelId }, box) => void box.monitor(new Set(channelId)),
};

function answer({ type, payload }: Frame, box: Box): Uint8Array {
  const said = <N extends MessageName>(name: N, fields: MessageOf<N>) =>
    encodeFrame(markers.response, messages[name].type, encode(messages[name].fields, fields));
  try {
    const name = (Object.keys(commands) as MessageName[]).find((word) => messages[word].type === type);
    if (!name) throw new Refusal(UNIMPLEMENTED, `messages of type ${type} are not emulated`);
    const command = commands[name] as (asked: object, box: Box) => Answer;
    const given = command(decode(messages[name].fields, payload), box);
    return given ? said("getParamResponse", given) : said("successResponse", {});
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return said("successResponse", { errorCode: error.code, message: error.message });
  }
}

function keyValue(key: string, value: ParameterValue): KeyValue {
  const strVal = String(value);
  if (typeof value === "bigint") return { key, intVal: value, strVal, paramType: parameterTypes.int };
  if (typeof value === "number") return { key, floatVal: value, strVal, paramType: parameterTypes.float };
  if (typeof value === "boolean") return { key, boolVal: value, strVal, paramType: parameterTypes.bool };
  if (key.startsWith("instrument.")) return { key, strVal, paramType: parameterTypes.string };
  return { key, optionVal: value, strVal, paramType: parameterTypes.option };
}

const facts: Readonly<Record<string, string>> = {
  "instrument.productName": "FalconX",
  "instrument.assembly.serialNumber": "EMULATED",
  "instrument.firmwareVersion": "1.0.0",
};

function valueIn({ parameters, state }: EmulatedChannel, key: string, channels: number): ParameterValue {
  if (key === "instrument.numChannels") return BigInt(channels);
  const value = key === "channel.state" ? state : (facts[key] ?? parameters.get(key));
  if (value !== undefined) return value;
  throw new Refusal(NOT_FOUND, `there is no parameter ${key}`);
}

/** The value may come as another type, as the boxes have it. */
function put({ parameters }: EmulatedChannel, { key = "", ...given }: KeyValue): void {
  const before = defaultParameters[key];
  if (before === undefined) throw new Refusal(NOT_FOUND, `there is no parameter ${key}`);
  const value = given.intVal ?? given.floatVal ?? given.boolVal ?? given.optionVal ?? given.strVal;
  const wrong = new Refusal(BAD_PARAMETERS, `${key} cannot be ${value}`);
  if (value === undefined) throw wrong;
  if (typeof before === "string") {
    if (options[key] && !options[key].includes(String(value))) throw wrong;
    parameters.set(key, String(value));
  } else if (typeof before === "boolean") parameters.set(key, value === true || value === "true");
  else if (Number.isNaN(Number(value))) throw wrong;
  else parameters.set(key, typeof before === "bigint" ? BigInt(Math.round(Number(value))) : Number(value));
}
