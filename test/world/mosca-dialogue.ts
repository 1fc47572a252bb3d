// SPDX-License-Identifier: MIT
// Replays a recorded dialogue on our server: what each line answers here, in the form of the recording.
import { readFileSync } from "node:fs";
import { connect, DevFailed, type DeviceProxy } from "../../tango/index.ts";

export interface Line {
  readonly call?: string;
  readonly args?: readonly unknown[];
  readonly result?: unknown;
  readonly error?: { readonly stack?: readonly { reason: string; desc: string }[]; readonly python?: string };
  readonly varies?: string;
  /** "enabled detectors [2, 5]": what was done there without being recorded. */
  readonly note?: string;
  /** What mosca-client did for a call of its own. */
  readonly wire?: readonly Wire[];
}
interface Wire {
  readonly op: string;
  readonly dev: string;
  readonly name: string;
  readonly arg?: unknown;
  readonly res?: unknown;
  readonly err?: unknown;
}

export const readDialogue = (path: string): Line[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Text the recording has instead of a path: `<cfgdir>` -> where it is here. */
export type Places = Readonly<Record<string, string>>;

/** A server's devices, reached by their family as the recording calls them. */
export class Replay implements AsyncDisposable {
  readonly #proxies = new Map<string, DeviceProxy>();
  readonly #places: Places;

  private constructor(places: Places) {
    this.#places = places;
  }
  static async open(trls: readonly string[], places: Places): Promise<Replay> {
    const replay = new Replay(places);
    for (const trl of trls) {
      const family = trl.split("/").at(-2)?.toLowerCase() ?? "";
      replay.#proxies.set(family, await connect(trl));
    }
    return replay;
  }

  /** What our server answers; undefined for what is not compared. */
  async answer(line: Line): Promise<unknown> {
    const { call, args, varies, result, wire, note } = line;
    const enabled = /^enabled detectors (\[.*\])$/.exec(note ?? "")?.[1];
    if (enabled) await this.#enable(JSON.parse(enabled));
    if (!call) return undefined;
    if (call.startsWith("poll")) return this.#poll(call);
    if (wire) return this.#wire(wire);
    const derived = /^(?:len\()?(read_\w+)\((\[[^\]]*\])\)/.exec(call);
    if (derived) return this.#derived(call, derived[1] ?? "", JSON.parse(derived[2] ?? "[]"), result);
    const [, set, family = "", member = ""] = /^(set )?(\w+)\.(\w+)$/.exec(call) ?? [];
    const proxy = this.#proxies.get(family);
    if (!proxy || varies === "lag") return undefined;
    return this.#spoken(result, async () => {
      const zero = set ? undefined : detectorZero(member, args);
      if (zero) return this.#of("mosca").call("add_roi", zero);
      return perform(proxy, member, set !== undefined, this.#here(args?.[0]));
    }).then((said) => (varies && !isError(said) ? undefined : said));
  }

  async #enable(ids: readonly number[]): Promise<void> {
    const all = [...((await this.#of("mosca").read("available_detectors")) as BigInt64Array)];
    await this.#of("mosca").call("disable_detectors", all);
    await this.#of("mosca").call("enable_detectors", ids.map(BigInt));
  }

  #of(family: string): DeviceProxy {
    const proxy = this.#proxies.get(family);
    if (!proxy) throw new Error(`no device of the family ${family}`);
    return proxy;
  }
  /** With paths of this machine, and back. */
  #here(value: unknown): unknown {
    return mapText(value, (text) =>
      Object.entries(this.#places).reduce((all, [place, path]) => all.replaceAll(place, path), text),
    );
  }
  #there(value: unknown): unknown {
    return mapText(value, (text) =>
      Object.entries(this.#places).reduce((all, [place, path]) => all.replaceAll(path, place), text),
    );
  }

  async #spoken(like: unknown, ask: () => Promise<unknown>): Promise<unknown> {
    try {
      return this.#there(spoken(await ask(), like));
    } catch (error) {
      if (!(error instanceof DevFailed)) throw error;
      return { error: this.#there(error.errors[0]?.desc.trim()) };
    }
  }

  /** Each Tango call that a call of the client made. */
  async #wire(wire: readonly Wire[]): Promise<unknown> {
    const answers: unknown[] = [];
    for (const { op, dev, name, arg, res } of wire.filter(isReplayed)) {
      const proxy = this.#of(dev.split("/").at(-2)?.toLowerCase() ?? "");
      const varies = name === "prepare_acq" || name === "start_acq";
      const given = typeof arg === "object" && arg !== null && "value" in arg ? arg.value : arg;
      const said = await this.#spoken(res, () => perform(proxy, name, op === "write_attribute", this.#here(given)));
      answers.push(varies && !isError(said) ? res : said);
      if (name === "set_configuration_file_async") await configured(proxy);
    }
    return { wire: answers };
  }

  /** A read whose answer the recording shows in another shape. */
  async #derived(call: string, member: string, range: readonly number[], like: unknown): Promise<unknown> {
    const flat = Array.from(
      (await this.#of("mosca").call(member, range.map(BigInt))) as ArrayLike<number | bigint>,
      Number,
    );
    if (call.startsWith("len(")) return flat.length;
    if (Array.isArray(like)) return flat;
    const width = Number(/reshaped \([^)]*,(\d+)\)/.exec(call)?.[1] ?? flat.length);
    const kept = /\[:,:,:(\d+)\]$/.exec(call)?.[1] ?? (call.endsWith("[:,:,0]") ? 1 : width);
    const first = /\)\[:(\d+)\]$/.exec(call)?.[1];
    const values = first ? flat.slice(0, Number(first)) : flat.filter((_, at) => at % width < Number(kept));
    const { shape } = like as { shape?: unknown };
    return { ...array(Float64Array.from(values), like as object), dtype: (like as { dtype?: unknown }).dtype, shape };
  }

  /** Waits until the acquisition has ended; gives the counters it ends with. */
  async #poll(call: string): Promise<unknown> {
    for (;;) {
      if (call.includes("getAcqStatus")) {
        const [state, ...rest] = [...((await this.#of("moscav1").call("getAcqStatus")) as BigInt64Array)].map(Number);
        if (state !== 1) return [state, ...rest];
      } else {
        const names = ["acquisition_status", "n_triggered_points", "n_available_points", "n_read_points"];
        const values = await Promise.all(names.map((name) => this.#of("mosca").read(name)));
        if (values[0] !== 5) return values.map(Number);
      }
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const proxy of this.#proxies.values()) await proxy[Symbol.asyncDispose]();
  }
}

async function configured(device: DeviceProxy): Promise<void> {
  while ((await device.read("mca_status")) === "UNINITIALIZED") await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Not what depends on time. */
const isReplayed = ({ op, name }: Wire): boolean =>
  op !== "get_property" && name !== "start_epoch" && name !== "mca_status" && name !== "init_message";

const isError = (said: unknown): boolean => typeof said === "object" && said !== null && "error" in said;

/** The recorded answer in a form that can be compared. */
export function recorded({ call, result, error, wire }: Line): unknown {
  if (wire) return { wire: wire.filter(isReplayed).map(({ res }) => res ?? null) };
  if (error) return { error: error.stack?.[0]?.desc.trim() };
  if (call?.startsWith("poll")) {
    const last = (result as number[][]).at(-1)?.slice(1) ?? [];
    return call.includes("getAcqStatus") ? last : last.slice(0, 4);
  }
  return result;
}

/** Equal; an error may say more than the recorded one. */
export function agree(said: unknown, wanted: unknown): boolean {
  const [ours, theirs] = [said, wanted].map((one) => (one as { error?: string } | null)?.error);
  if (ours !== undefined && theirs !== undefined) return ours.startsWith(theirs.replace(/\.$/, ""));
  const [mine, yours] = [said, wanted].map((one) => (one as { wire?: readonly unknown[] } | null)?.wire);
  if (mine && yours) return mine.length === yours.length && mine.every((one, at) => agree(one, yours[at]));
  return JSON.stringify(rounded(said)) === JSON.stringify(rounded(wanted));
}
/** The recorded sum was made pair by pair. */
const rounded = (one: unknown): unknown =>
  typeof one === "object" && one !== null && "sum" in one
    ? { ...one, sum: Number((one.sum as number).toPrecision(10)) }
    : one;

/** The original takes a ROI of detector 0 alone for one of all detectors: asked like that, what follows can be compared. */
function detectorZero(member: string, args: readonly unknown[] | undefined): string[] | undefined {
  const [name = "", one = "", two = "", three = "", ...more] = (Array.isArray(args?.[0]) ? args[0] : []) as string[];
  if (member === "add_roi" && three === "0" && more.length === 0) return [name, one, two];
  if (member === "addCounter" && one === "0" && three) return [name.replace(/_det\d+$/, ""), two, three];
  return undefined;
}

async function perform(proxy: DeviceProxy, member: string, set: boolean, argument: unknown) {
  if (set) {
    const config = await proxy.attribute(member);
    const label = typeof argument === "string" ? config.enumLabels.indexOf(argument) : -1;
    const long = config.type === "DevLong64";
    return proxy.write(member, label >= 0 ? label : long ? BigInt(argument as number) : argument);
  }
  const command = (await proxy.commands()).find(({ name }) => name === member);
  if (!command) return proxy.read(member);
  const longs = /Long64/.test(command.input);
  const big = (value: unknown) => (Array.isArray(value) ? value.map((n) => BigInt(n)) : BigInt(value as number));
  return proxy.call(member, argument === undefined ? undefined : longs ? big(argument) : argument);
}

function mapText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  return Array.isArray(value) ? value.map((one) => mapText(one, change)) : value;
}

/** Our answer as the recording would have it. */
function spoken(given: unknown, like: unknown): unknown {
  if (ArrayBuffer.isView(given)) return array(given as never, like as { first8?: unknown });
  if (typeof given === "bigint") return Number(given);
  if (given === undefined) return null;
  if (typeof like === "object" && like !== null && "enum" in like) return { ...like, enum: given };
  return given;
}
function array(given: Uint32Array | Float64Array | BigInt64Array | Int16Array, like: { first8?: unknown }) {
  const values = Array.from(given as ArrayLike<number | bigint>, Number);
  const dtype = { Uint32Array: "uint32", Float64Array: "float64", BigInt64Array: "int64", Int16Array: "int16" }[
    given.constructor.name
  ];
  const shape = [values.length];
  if (!like?.first8) return { dtype, shape, values };
  let sum = 0;
  for (const value of values) sum += value;
  return { dtype, shape, first8: values.slice(0, 8), last4: values.slice(-4), sum };
}
