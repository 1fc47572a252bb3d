// SPDX-License-Identifier: MIT
// The device whose behaviour on cppTango servers was recorded (test/vectors/server/behaviour.jsonl), on ours.
import {
  command, DevBoolean, DevDouble, DevEnum, DevFloat, type Device, DevLong, DevShort, DevState, DevString,
  DevUChar, DevULong64, DevUShort, DevVarStringArray, DevVoid, defineInterface, devFailed, deviceClass, invalid, property,
  type Quality, readable, reading, spectrum, writable, writeOnly,
} from "../../../tango/index.ts"; // biome-ignore format: a list

const checked = { events: { change: "checked", archive: "checked" } } as const;
const pushed = { events: { change: "pushed", archive: "pushed" } } as const;
const enumLabels = ["A", "B", "C"];
const written = { memorized: "written" } as const;

const attributes = {
  al1: writable(DevDouble),
  al2: readable(DevDouble),
  al3: readable(DevDouble),
  alsp: readable(spectrum(DevDouble, 10)),
  p: writable(DevDouble),
  us: writable(DevUShort),
  sh: writable(DevShort),
  u64: writable(DevULong64),
  fl: writable(DevFloat),
  en: writable(DevEnum, { enumLabels }),
  cnt: readable(DevDouble),
  cnt2: readable(DevDouble),
  ev: readable(DevDouble),
  evs: readable(DevString),
  trig: readable(DevDouble),
  pt: readable(DevDouble, checked),
  pf: readable(DevDouble, pushed),
  mark: readable(DevDouble, pushed),
  dr: readable(DevLong, { dataReadyEvent: true }),
  m_d: writable(DevDouble, written),
  m_f: writable(DevFloat, written),
  m_b: writable(DevBoolean, written),
  m_s: writable(DevString, written),
  m_e: writable(DevEnum, { ...written, enumLabels }),
  m_l: writable(DevLong, written),
  m_uc: writable(DevUChar, written),
  m_n: writable(DevDouble, { memorized: "restored" }),
  m_wo: writeOnly(DevDouble, written),
};
export const behaving = defineInterface({
  name: "Behaving",
  properties: {
    devprop: property(DevString, "devdef", "dev prop desc"),
    fails: property(DevString, "", "Cannot be written"),
  },
  attributes,
  commands: {
    Set: command(DevString, DevVoid, { inputDescription: "JSON: values by attribute; {value, q} or {exc}" }),
    Push: command(DevString, DevVoid, { inputDescription: "JSON: attr, event, v, q, exc" }),
    SetState: command(DevState, DevVoid),
    SetStatus: command(DevString, DevVoid),
    Noop: command(DevVoid, DevDouble),
    Boom: command(DevVoid, DevVoid),
    Reads: command(DevString, DevLong, {
      outputDescription: "How often an attribute was read since it was last asked",
    }),
    Log: command(DevVoid, DevVarStringArray, { outputDescription: "What happened since it was last asked" }),
    Rows: command(DevString, DevString, { outputDescription: "JSON: what the database holds of an attribute" }),
    Polled: command(DevVoid, DevString, { outputDescription: "JSON: what the database holds of polling" }),
    Trigger: command(DevString, DevVoid),
    AddAttr: command(DevString, DevVoid),
    RemAttr: command(DevString, DevVoid),
  },
});

type Rows = Readonly<Record<string, readonly string[]>>;
interface Stored {
  readonly properties: Rows;
  readonly attributes: Readonly<Record<string, Rows>>;
}

type Given = unknown | { readonly value?: unknown; readonly q?: Quality } | { readonly exc: readonly [string, string] };
const isRecord = (given: unknown): given is { value?: unknown; v?: unknown; q?: Quality; exc?: [string, string] } =>
  typeof given === "object" && given !== null && !Array.isArray(given);

/** What a handler gives for what a test said. @throws DevFailed */
function given(one: Given): unknown {
  if (!isRecord(one)) return one === "nan" ? Number.NaN : one === "inf" ? Infinity : one === "-inf" ? -Infinity : one;
  if (one.exc) throw devFailed(one.exc[0], one.exc[1], "me");
  if (one.q === "INVALID") return invalid();
  const value = one.value ?? one.v ?? 0;
  return one.q ? reading(value, { quality: one.q }) : value;
}

/** What Python would print. */
const told = (value: unknown) =>
  typeof value === "string" ? `'${value}'` : typeof value === "boolean" ? (value ? "True" : "False") : String(value);

function push(
  device: Device,
  { attr, event, ...what }: { attr: string; event: "change" | "archive" | "ready"; v: number },
) {
  if (event === "ready") return device.pushDataReady(attr, what.v);
  let value: unknown;
  try {
    value = given(what);
  } catch (error) {
    return device.pushError(attr, error);
  }
  const name = attr as never;
  if (event === "archive") device.pushArchive(name, value as never);
  else device.push(name, value as never);
}

/** @param log of what happens to all devices; @param stored what the database holds of a device. */
export const behavingClass = (log: string[], stored: (device: string) => Promise<Stored | undefined>) =>
  deviceClass(behaving, (device) => {
    const values = new Map<string, unknown>([["alsp", [0]], ["evs", ""], ["u64", 0n], ["m_s", ""], ["m_b", false]]); // biome-ignore format: a table
    const reads = new Map<string, number>();
    const added = new Map<string, Disposable>();
    const handlers = Object.entries(attributes).map(([name, { access }]) => {
      const read = () => {
        reads.set(name, (reads.get(name) ?? 0) + 1);
        return given(values.get(name) ?? 0);
      };
      const write = (value: unknown) => {
        log.push(`write ${name} ${told(value)}`);
        if (device.properties.fails === name) throw devFailed("Bh_WriteFail", "write refused", "me");
        values.set(name, value);
      };
      return [name, access === "WRITE" ? write : access === "READ" ? read : { read, write }];
    });
    log.push(`init ${device.name}`);
    const commands = {
      Set: (text: string) => {
        for (const [name, value] of Object.entries(JSON.parse(text))) {
          values.set(name, name === "u64" ? BigInt(value as string) : value);
        }
      },
      Push: (text: string) => push(device as unknown as Device, JSON.parse(text)),
      SetState: (state: Device["state"]) => {
        device.state = state;
      },
      SetStatus: (text: string) => {
        device.status = text;
      },
      Noop: () => 1.5,
      Boom: () => {
        throw devFailed("Bh_Boom", "boom desc", "me");
      },
      Reads: (name: string) => {
        const count = reads.get(name) ?? 0;
        reads.delete(name);
        return count;
      },
      Log: () => log.splice(0),
      Rows: async (name: string) => JSON.stringify((await stored(device.name))?.attributes[name] ?? {}),
      Polled: async () => {
        const { polled_attr = [], polled_cmd = [] } = (await stored(device.name))?.properties ?? {};
        return JSON.stringify({ polled_attr, polled_cmd });
      },
      Trigger: (name: string) => device.triggerPolling(name),
      AddAttr: (name: string) => {
        if (!added.has(name))
          added.set(
            name,
            device.attach(name, readable(DevDouble), () => 0),
          );
      },
      RemAttr: (name: string) => {
        const attached = added.get(name);
        if (!attached)
          throw devFailed(
            "API_AttrNotFound",
            `Attribute ${name} is not defined as attribute for your device.\nCan't remove it`,
          );
        attached[Symbol.dispose]();
        added.delete(name);
      },
      [Symbol.asyncDispose]: async () => void log.push(`delete ${device.name}`),
    };
    return { ...Object.fromEntries(handlers), ...commands } as never;
  });
