// SPDX-License-Identifier: MIT
// One FalconX box: its parameters, the start and stop of its channels, and what it tells of them.
import { SincConnection, SincRefusal } from "./sinc/connection.ts";
import type { Frame } from "./sinc/frame.ts";
import { decodeHistogram, type Histogram } from "./sinc/histogram.ts";
import { errorCodes, type KeyValue, messages, NOT_FOUND } from "./sinc/message-table.ts";
import { decode } from "./sinc/protobuf.ts";

/** A float, an integer, a flag, or the word of an option. */
export type ParameterValue = number | bigint | boolean | string;
export type Parameters = Readonly<Record<string, ParameterValue>>;

export interface Place {
  readonly host: string;
  readonly port: number;
}
/** What a box tells by itself. */
export interface ModuleListener {
  histogram(channel: number, histogram: Histogram): void;
  /** `ready`, `histo`, `error` ... */
  state(channel: number, state: string): void;
  /** It complains of itself; the connection goes on. */
  reported(error: Error): void;
  /** The connection is no more. */
  lost(error: Error): void;
}

export class FalconXModule implements AsyncDisposable {
  readonly about: string;
  readonly product: string;
  readonly serial: string;
  readonly firmware: string;
  readonly channels: number;
  readonly #link: SincConnection;

  private constructor(link: SincConnection, facts: readonly ParameterValue[]) {
    this.about = link.about;
    this.#link = link;
    [this.product, this.serial, this.firmware] = facts.map(String) as [string, string, string];
    this.channels = Number(facts[3]);
  }

  /** Connects and asks who it is. @throws Error when it cannot be reached, or is none */
  static async open({ host, port }: Place, listener: ModuleListener, timeout = 3000): Promise<FalconXModule> {
    const link = await SincConnection.open({
      host,
      port,
      timeout,
      unasked: (frame) => hear(frame, listener, `FalconX ${host}:${port}`),
      lost: (error) => listener.lost(error),
    });
    try {
      await link.tell("ping", {});
      const facts: ParameterValue[] = [];
      for (const key of ["productName", "assembly.serialNumber", "firmwareVersion", "numChannels"])
        facts.push(await get(link, 0, `instrument.${key}`));
      return new FalconXModule(link, facts);
    } catch (error) {
      await link[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The channels whose states and histograms it is to tell. */
  monitor(channels: readonly number[]): Promise<void> {
    return this.#link.tell("monitorChannels", { channelId: channels });
  }
  get(channel: number, key: string): Promise<ParameterValue> {
    return get(this.#link, channel, key);
  }
  /** Sets them in one message. @throws SincRefusal naming what is wrong */
  set(channel: number, parameters: Parameters): Promise<void> {
    const params = Object.entries(parameters).map(([key, value]) => ({ key, channelId: channel, ...valued(value) }));
    return this.#link.tell("setParam", { channelId: channel, params });
  }
  /** As `set`, for what not every firmware has. */
  async setIfThere(channel: number, parameters: Parameters): Promise<void> {
    try {
      await this.set(channel, parameters);
    } catch (error) {
      if (!(error instanceof SincRefusal && error.code === NOT_FOUND)) throw error;
    }
  }
  /** Begins a histogram; its state becomes `histo`. */
  start(channel: number): Promise<void> {
    // The field says nothing any more; this is what the maker's own library sends in it.
    return this.#link.tell("startHistogram", { reserved: 4096, channelId: channel });
  }
  /** Ends whatever a channel does; its state becomes `ready`. */
  stop(channel: number): Promise<void> {
    return this.#link.tell("stopDataAcquisition", { channelId: channel });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]();
  }
}

async function get(link: SincConnection, channel: number, key: string): Promise<ParameterValue> {
  const { success, results } = await link.ask("getParam", { key, channelId: channel }, "getParamResponse");
  if (success?.errorCode)
    throw new SincRefusal(
      `${link.about} refuses ${key}: ${success.message || errorCodes[success.errorCode]}`,
      success.errorCode,
    );
  const value = parameterOf(results?.[0] ?? {});
  if (value === undefined) throw new Error(`${link.about} gives no value of ${key}`);
  return value;
}

function valued(value: ParameterValue): KeyValue {
  if (typeof value === "bigint") return { intVal: value };
  if (typeof value === "number") return { floatVal: value };
  return typeof value === "boolean" ? { boolVal: value } : { optionVal: value };
}
/** The text comes last: every value has one beside its own. */
const parameterOf = ({ intVal, floatVal, boolVal, optionVal, strVal }: KeyValue): ParameterValue | undefined =>
  intVal ?? floatVal ?? boolVal ?? optionVal ?? strVal;

function hear({ type, payload }: Frame, listener: ModuleListener, about: string): void {
  if (type === messages.histogramData.type) {
    const histogram = decodeHistogram(payload);
    listener.histogram(histogram.header.channelId ?? 0, histogram);
  } else if (type === messages.paramUpdated.type) {
    const { params = [], channelId = 0 } = decode(messages.paramUpdated.fields, payload);
    for (const { key, optionVal, strVal, channelId: own } of params)
      if (key === "channel.state") listener.state(own ?? channelId, optionVal ?? strVal ?? "");
  } else if (type === messages.asynchronousError.type) {
    const { success } = decode(messages.asynchronousError.fields, payload);
    const why = success?.message || errorCodes[success?.errorCode ?? 0] || "an unknown error";
    listener.reported(new Error(`${about} reports: ${why}`));
  }
}
