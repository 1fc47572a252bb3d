// SPDX-License-Identifier: MIT
// Dialogues recorded with the Dummy of MOSCA 2.0.5, replayed on our server: the same answers, except where the table says
// which defect of the original we do not have, or which text we say better.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, DevFailed, type DeviceProxy } from "../../tango/index.ts";
import { dummyWorld, falconxWorld } from "../world/mosca.ts";

interface Line {
  readonly call?: string;
  readonly args?: readonly unknown[];
  readonly result?: unknown;
  readonly error?: { readonly stack?: readonly { reason: string; desc: string }[]; readonly python?: string };
  readonly varies?: string;
  readonly finished?: boolean;
}
const folder = join(import.meta.dirname, "mosca");
const lines = (dialogue: string): Line[] =>
  readFileSync(join(folder, `${dialogue}.jsonl`), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Line number (from 1), or member -> why our answer is another. */
const differences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "v2-02-rois": {},
  "v2-04-int-trig-readout": {
    "74": "a third number is refused in our words",
    "75": "a third number is refused in our words",
    "80": "7 points have no eighth from the end: the original counts from the end twice",
    "81": "as line 80",
    "82": "as line 80",
    "83": "as line 80: the point named is the one asked for",
    "84": "as line 80",
    "85": "as line 80",
  },
  "v2-05-block-size": {},
  "v2-06-mode-EXT_TRIG": {},
  "v2-06-mode-FREERUN": {},
  "v2-06-mode-GATE": {},
  "v2-06-mode-INT_TRIG_READOUT": {},
  "v2-08-resume": { "21": "a second start is refused in our words" },
  "v2-10-detectors": {
    "62": "that no detector is enabled is said at apply",
    "63": "and at prepare, in words instead of an IndexError",
    "66": "a prepare that was refused does not take the points away",
    "67": "as line 66",
  },
  "v2-12-background": {
    "19": "background_spectra can be read",
    "20": "background_stats can be read",
    "30": "counts do not fall below 0: the original wraps around",
  },
  "v2-19-roi-list-order": { "18": "rows hold the detectors they are named after" },
  "fx-03-mapping-EXT_TRIG-HIGH": {},
  "fx-03-mapping-EXT_TRIG-LOW": {},
  "fx-03-mapping-GATE-HIGH": {},
  "fx-03-mapping-GATE-LOW": {},
  "fx-04-external-EXT_TRIG-b1": { "2": "nothing was started before in this server" },
  "fx-04-external-EXT_TRIG-b2": { "2": "nothing was started before in this server" },
  "fx-05-stop-EXT_TRIG": {},
  "fx-05-stop-GATE": {},
  "fx-06-discard": {
    "14": "its configuration file is named",
    "29": "as line 14",
    "43": "FIRST leaves one point out, not all, when they come one by one",
    "44": "as line 14",
    "45": "as line 43",
    "46": "as line 43",
  },
  "v1-dummy-bliss-order": {
    "7": "in our words: the dummy has no configuration files",
    "8": "as line 7",
    "16": "as line 7",
    "22": "as line 7",
    "25": "not replayed: start before prepare is refused by the original's dummy only; it prepares and starts",
    "144": "the channels 1-0 are refused instead of taken for all",
    "150": "as line 144",
    "180": "NotImplementedError with a text",
    "181": "as line 7",
    "182": "as line 7",
  },
};

test.for(Object.keys(differences))("%s", async (dialogue) => {
  const falconx = dialogue.startsWith("fx-");
  await using world = await (falconx ? falconxWorld() : dummyWorld());
  const proxies = new Map<string, DeviceProxy>();
  await using stack = new AsyncDisposableStack();
  for (const name of ["mosca", "moscav1", "saving", "background", falconx ? "simfalconx" : "dummy"])
    proxies.set(name, stack.use(await connect(world.trl(`mo/${name}/${falconx ? "mosimfx" : "modummy"}`))));
  if (falconx) proxies.set("generator", stack.use(await connect(world.trl("mo/generator/mosimfx"))));
  const wrong: string[] = [];
  const unused = new Set(Object.keys(differences[dialogue] ?? {}));
  let compared = 0;
  for (const [index, line] of lines(dialogue).entries()) {
    if (differences[dialogue]?.[index + 1]?.startsWith("not replayed")) {
      unused.delete(`${index + 1}`);
      continue;
    }
    const said = await answer(line, proxies);
    if (said === undefined) continue;
    compared++;
    const wanted = shown(line);
    // The original plays a file, our detectors count photons: shapes are the same, numbers are not.
    const same = falconx ? agree(shapeOf(said), shapeOf(wanted)) : agree(said, wanted);
    const key = [`${index + 1}`, `${line.call} ${JSON.stringify(line.args?.[0] ?? "")}`, line.call ?? ""].find((one) =>
      Object.hasOwn(differences[dialogue] ?? {}, one),
    );
    if (key) unused.delete(key);
    if (same || key) continue;
    wrong.push(
      `line ${index + 1} ${line.call} ${JSON.stringify(line.args ?? "")}\n   said ${short(said)}\n wanted ${short(wanted)}`,
    );
  }
  expect(wrong.join("\n")).toBe("");
  expect(compared).toBeGreaterThan(5);
  expect([...unused]).toEqual([]);
});

/** Equal; an error may say more than the recorded one. */
function agree(said: unknown, wanted: unknown): boolean {
  const [ours, theirs] = [said, wanted].map((one) => (one as { error?: string } | null)?.error);
  if (ours !== undefined && theirs !== undefined) return ours.startsWith(theirs.replace(/\.$/, ""));
  return JSON.stringify(rounded(said)) === JSON.stringify(rounded(wanted));
}
const shapeOf = (one: unknown): unknown =>
  typeof one === "object" && one !== null && "dtype" in one
    ? { dtype: one.dtype, shape: (one as { shape?: unknown }).shape }
    : one;
/** The recorded sum was made pair by pair. */
const rounded = (one: unknown): unknown =>
  typeof one === "object" && one !== null && "sum" in one
    ? { ...one, sum: Number((one.sum as number).toPrecision(10)) }
    : one;

const short = (value: unknown) => JSON.stringify(value).slice(0, 300);

/** What our server answers to a line, in the form of the recording; undefined for lines that are not replayed. */
async function answer({ call, args, varies, result }: Line, proxies: Map<string, DeviceProxy>): Promise<unknown> {
  if (!call) return undefined;
  if (call.startsWith("poll")) return poll(call, proxies);
  const [, set, device = "", member = ""] = /^(set )?(\w+)\.(\w+)$/.exec(call) ?? [];
  const proxy = proxies.get(device);
  if (!proxy || varies === "lag") return undefined;
  try {
    const zero = set ? undefined : detectorZero(member, args);
    const given = zero
      ? await proxies.get("mosca")?.call("add_roi", zero)
      : await perform(proxy, member, set !== undefined, args);
    if (varies) return undefined;
    return spoken(given, result);
  } catch (error) {
    if (!(error instanceof DevFailed)) throw error;
    return { error: error.errors[0]?.desc.trim() };
  }
}

/** The original takes a ROI of detector 0 alone for one of all detectors: asked like that, what follows can be compared. */
function detectorZero(member: string, args: readonly unknown[] | undefined): string[] | undefined {
  const [name = "", one = "", two = "", three = "", ...more] = (Array.isArray(args?.[0]) ? args[0] : []) as string[];
  if (member === "add_roi" && three === "0" && more.length === 0) return [name, one, two];
  if (member === "addCounter" && one === "0" && three) return [name.replace(/_det\d+$/, ""), two, three];
  return undefined;
}

async function perform(proxy: DeviceProxy, member: string, set: boolean, args: readonly unknown[] | undefined) {
  if (set) {
    const config = await proxy.attribute(member);
    const [value] = args ?? [];
    const label = typeof value === "string" ? config.enumLabels.indexOf(value) : -1;
    const long = config.type === "DevLong64";
    return proxy.write(member, label >= 0 ? label : long ? BigInt(value as number) : value);
  }
  const commands = await proxy.commands();
  const command = commands.find(({ name }) => name === member);
  if (!command) return proxy.read(member);
  const [argument] = args ?? [];
  const longs = /Long64/.test(command.input);
  const big = (value: unknown) => (Array.isArray(value) ? value.map((n) => BigInt(n)) : BigInt(value as number));
  return proxy.call(member, argument === undefined ? undefined : longs ? big(argument) : argument);
}

/** Waits until the acquisition has ended; gives the counters it ends with. */
async function poll(call: string, proxies: Map<string, DeviceProxy>): Promise<unknown> {
  for (;;) {
    if (call.includes("getAcqStatus")) {
      const [state, ...rest] = [...(((await proxies.get("moscav1")?.call("getAcqStatus")) ?? []) as BigInt64Array)].map(
        Number,
      );
      if (state !== 1) return [state, ...rest];
    } else {
      const names = ["acquisition_status", "n_triggered_points", "n_available_points", "n_read_points"];
      const values = await Promise.all(names.map((name) => proxies.get("mosca")?.read(name)));
      if (values[0] !== 5) return values.map(Number);
    }
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** The recorded answer in a form that can be compared. */
function shown({ call, result, error }: Line): unknown {
  if (error) return { error: error.stack?.[0]?.desc.trim() };
  if (call?.startsWith("poll")) {
    const last = (result as number[][]).at(-1)?.slice(1) ?? [];
    return call.includes("getAcqStatus") ? last : last.slice(0, 4);
  }
  return result;
}

/** Our answer as the recording would have it. */
function spoken(given: unknown, like: unknown): unknown {
  if (ArrayBuffer.isView(given)) return array(given as never, like as { first8?: unknown });
  if (typeof given === "bigint") return Number(given);
  if (given === undefined) return null;
  return typeof like === "object" && like !== null && "enum" in like ? like : given;
}
function array(given: Uint32Array | Float64Array | BigInt64Array | Int16Array, like: { first8?: unknown }) {
  const values = Array.from(given as ArrayLike<number | bigint>, Number);
  const dtype = { Uint32Array: "uint32", Float64Array: "float64", BigInt64Array: "int64" }[given.constructor.name];
  const shape = [values.length];
  if (!like?.first8) return { dtype, shape, values };
  let sum = 0;
  for (const value of values) sum += value;
  return { dtype, shape, first8: values.slice(0, 8), last4: values.slice(-4), sum };
}
