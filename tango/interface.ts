// SPDX-License-Identifier: MIT
// A Tango interface as a value: what a device class has, once, for the server that implements it, the clients that
// call it, the scans that use it and the pages that show it. It holds data only and imports nothing that runs.
import type { ArrayOf, DevStateName, Image, ScalarType, TangoType, ValueOf } from "./idl/tango-types.ts";
import { DevState, DevString, DevVoid } from "./idl/tango-types.ts";

// ---- what an attribute's value looks like -------------------------------------------------------------------------

/** Type and dimensions of an attribute: `scalar` when a bare type is given, else made by `spectrum()` or `image()`. */
export interface Shape<Value> {
  readonly type: ScalarType<unknown, unknown>;
  readonly format: "SCALAR" | "SPECTRUM" | "IMAGE";
  readonly maxX: number;
  readonly maxY: number;
  readonly carries?: Value;
}

/** A 1D attribute of at most `maxX` elements: its value is a typed array (or an array of strings, booleans, states). */
export const spectrum = <T extends ScalarType<unknown, unknown>>(type: T, maxX: number): Shape<ArrayOf<T>> => ({
  type,
  format: "SPECTRUM",
  maxX,
  maxY: 0,
});

/** A 2D attribute of at most `maxX` columns and `maxY` rows: its value is `{ data, shape: [rows, columns] }`. */
export const image = <T extends ScalarType<unknown, unknown>>(
  type: T,
  maxX: number,
  maxY: number,
): Shape<Image<ArrayOf<T>>> => ({ type, format: "IMAGE", maxX, maxY });

// ---- members -------------------------------------------------------------------------------------------------------

export type Access = "READ" | "READ_WITH_WRITE" | "WRITE" | "READ_WRITE";
export type DisplayLevel = "OPERATOR" | "EXPERT";
/** Who sends an event: the polling thread ("polled"), or the device's code, with ("checked") or without ("pushed") criteria. */
export type EventSource = "polled" | "checked" | "pushed";

/** What an attribute says of itself unless class or device properties say otherwise (AttributeConfig of the IDL). */
export interface AttributeOptions {
  readonly label?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly standardUnit?: string;
  readonly displayUnit?: string;
  /** C format of the display, e.g. "%8.4f". */
  readonly format?: string;
  readonly level?: DisplayLevel;
  readonly minValue?: number | bigint;
  readonly maxValue?: number | bigint;
  readonly minAlarm?: number | bigint;
  readonly maxAlarm?: number | bigint;
  readonly minWarning?: number | bigint;
  readonly maxWarning?: number | bigint;
  /** Read-different-than-set alarm: tolerated difference, and milliseconds after a write before it counts. */
  readonly deltaValue?: number | bigint;
  readonly deltaTime?: number;
  readonly enumLabels?: readonly string[];
  /** "written": the last set value is stored and written again at start and after Init; "restored": only shown again. */
  readonly memorized?: "written" | "restored";
  /** Milliseconds; registers the attribute for polling at start. */
  readonly pollingPeriod?: number;
  readonly absChange?: number | readonly [down: number, up: number];
  readonly relChange?: number | readonly [down: number, up: number];
  readonly archiveAbsChange?: number | readonly [down: number, up: number];
  readonly archiveRelChange?: number | readonly [down: number, up: number];
  /** Milliseconds. */
  readonly archivePeriod?: number;
  /** Milliseconds between periodic events, default 1000. */
  readonly eventPeriod?: number;
  /** Default for each: "polled". */
  readonly events?: { readonly change?: EventSource; readonly archive?: EventSource; readonly alarm?: EventSource };
  readonly dataReadyEvent?: boolean;
  /** Accept NaN and infinities in writes (refused by default). */
  readonly acceptNaN?: boolean;
  /** A write may wait for something (the end of a move): it takes no turn, so the device's other calls are not held up. */
  readonly waits?: boolean;
}

export interface AttributeDefinition<Value = unknown, A extends Access = Access> extends Shape<Value> {
  readonly kind: "attribute";
  readonly access: A;
  /** For READ_WITH_WRITE: the attribute whose set value this one shows. */
  readonly writableName?: string;
  readonly options: AttributeOptions;
}

export interface CommandOptions {
  readonly inputDescription?: string;
  readonly outputDescription?: string;
  readonly level?: DisplayLevel;
  /** Milliseconds; registers the command for polling at start (commands without input only). */
  readonly pollingPeriod?: number;
  /** It only waits for something (the end of a move): it takes no turn, so the device's other calls are not held up. */
  readonly waits?: boolean;
}
export interface CommandDefinition<In = unknown, Out = unknown> {
  readonly kind: "command";
  readonly input: TangoType<In>;
  readonly output: TangoType<Out>;
  readonly options: CommandOptions;
}

export interface PropertyDefinition<Value = unknown> {
  readonly kind: "property";
  readonly type: TangoType<Value>;
  /** Absent: the property must be set in the database, or the device fails to open and says so. */
  readonly initial?: Value;
  /** True: a missing property is `undefined`. */
  readonly optional: boolean;
  readonly description: string;
}

export interface PipeDefinition<A extends "READ" | "READ_WRITE" = "READ" | "READ_WRITE"> {
  readonly kind: "pipe";
  readonly access: A;
  readonly label?: string;
  readonly description?: string;
  readonly level?: DisplayLevel;
}

/** An attribute that stands for one of another device, whose type, configuration and values it has. */
export interface ForwardedDefinition {
  readonly kind: "forwarded";
  /** The other attribute, `domain/family/member/attribute`, unless the attribute property `__root_att` names one. */
  readonly root?: string;
  /** Default: the attribute's own name. */
  readonly label?: string;
}

type Typed = Shape<unknown> | ScalarType<unknown, unknown>;
/** The TypeScript type of an attribute's value. */
export type ShapeValue<T> = T extends Shape<infer Value> ? Value : ValueOf<T>;

const attribute = <T extends Typed, A extends Access>(typed: T, access: A, options: AttributeOptions) => {
  const shape: Shape<unknown> = "type" in typed ? typed : { type: typed, format: "SCALAR" as const, maxX: 1, maxY: 0 };
  return { ...shape, kind: "attribute" as const, access, options } as AttributeDefinition<ShapeValue<T>, A>;
};

/** A READ attribute. */
export const readable = <T extends Typed>(type: T, options: AttributeOptions = {}) => attribute(type, "READ", options);
/** A READ_WRITE attribute. */
export const writable = <T extends Typed>(type: T, options: AttributeOptions = {}) =>
  attribute(type, "READ_WRITE", options);
/** A WRITE attribute: reading it gives the last value set. */
export const writeOnly = <T extends Typed>(type: T, options: AttributeOptions = {}) =>
  attribute(type, "WRITE", options);
/** A READ_WITH_WRITE attribute: a read value of its own, the set value of the attribute `writableName`. */
export const readWithWrite = <T extends Typed>(type: T, writableName: string, options: AttributeOptions = {}) => ({
  ...attribute(type, "READ_WITH_WRITE", options),
  writableName,
});

export const command = <In, Out>(
  input: TangoType<In>,
  output: TangoType<Out>,
  options: CommandOptions = {},
): CommandDefinition<In, Out> => ({ kind: "command", input, output, options });

/** A device or class property. Without `initial` it must be set in the database. */
export const property = <Value>(
  type: TangoType<Value>,
  initial?: NoInfer<Value>,
  description = "",
): PropertyDefinition<Value> => ({
  kind: "property",
  type,
  optional: false,
  description,
  ...(initial === undefined ? {} : { initial }),
});
/** A property that may be absent: its value is then `undefined`. */
export const optionalProperty = <Value>(
  type: TangoType<Value>,
  description = "",
): PropertyDefinition<Value | undefined> =>
  ({ kind: "property", type, optional: true, description }) as PropertyDefinition<Value | undefined>;

/** A forwarded attribute; which one it stands for is the site's to say (`__root_att`) if the code does not. */
export const forwarded = (options: Omit<ForwardedDefinition, "kind"> = {}): ForwardedDefinition => ({
  kind: "forwarded",
  ...options,
});

export const readablePipe = (options: Omit<PipeDefinition, "kind" | "access"> = {}): PipeDefinition<"READ"> => ({
  kind: "pipe",
  access: "READ",
  ...options,
});
export const writablePipe = (options: Omit<PipeDefinition, "kind" | "access"> = {}): PipeDefinition<"READ_WRITE"> => ({
  kind: "pipe",
  access: "READ_WRITE",
  ...options,
});

// ---- the interface -------------------------------------------------------------------------------------------------

export interface InterfaceDefinition {
  /** The Tango class name. */
  readonly name: string;
  readonly description?: string;
  readonly docUrl?: string;
  readonly properties?: Readonly<Record<string, PropertyDefinition>>;
  readonly classProperties?: Readonly<Record<string, PropertyDefinition>>;
  readonly attributes?: Readonly<Record<string, AttributeDefinition>>;
  readonly commands?: Readonly<Record<string, CommandDefinition>>;
  readonly pipes?: Readonly<Record<string, PipeDefinition>>;
  /** Attributes that stand for attributes of other devices. They need no handlers. */
  readonly forwarded?: Readonly<Record<string, ForwardedDefinition>>;
}

/**
 * Checks the definition once (names, enum labels, limits that contradict each other) and returns it with its exact type.
 * @throws TypeError naming the class and the member.
 */
export function defineInterface<const I extends InterfaceDefinition>(definition: I): I {
  const taken = new Map<string, string>();
  for (const group of ["attributes", "forwarded", "commands", "pipes"] as const) {
    for (const [name, member] of Object.entries(definition[group] ?? {})) {
      const where = `${definition.name}.${name}`;
      if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name)) throw new TypeError(`${where}: not a Tango member name`);
      const key = `${group === "forwarded" ? "attributes" : group}/${name.toLowerCase()}`;
      const twin = taken.get(key);
      if (twin) throw new TypeError(`${where}: differs from ${twin} only in case; Tango names ignore case`);
      taken.set(key, name);
      if (member.kind === "attribute") checkAttribute(where, member);
    }
  }
  checkSetValues(definition);
  return definition;
}

function checkSetValues({ name: owner, attributes = {} }: InterfaceDefinition): void {
  for (const [name, { access, writableName }] of Object.entries(attributes)) {
    if (access !== "READ_WITH_WRITE") continue;
    const shown = writableName === undefined ? undefined : attributes[writableName];
    if (shown?.access !== "WRITE" && shown?.access !== "READ_WRITE")
      throw new TypeError(`${owner}.${name}: shows the set value of ${writableName}, which is no writable attribute`);
  }
}

function checkAttribute(where: string, { type, format, options }: AttributeDefinition): void {
  if (type.name === "DevEncoded" && format !== "SCALAR") throw new TypeError(`${where}: DevEncoded is scalar only`);
  const labels = options.enumLabels;
  if (type.name === "DevEnum" && !labels?.length) throw new TypeError(`${where}: a DevEnum needs enumLabels`);
  if (labels && new Set(labels).size !== labels.length) throw new TypeError(`${where}: enumLabels repeat a label`);
  for (const [low, high] of [
    ["minValue", "maxValue"],
    ["minAlarm", "maxAlarm"],
    ["minWarning", "maxWarning"],
  ] as const) {
    const [min, max] = [options[low], options[high]];
    if (min !== undefined && max !== undefined && min >= max)
      throw new TypeError(`${where}: ${low} ${min} is not below ${high} ${max}`);
  }
}

// ---- what is inferred from it --------------------------------------------------------------------------------------

/** State and Status, which every device has beside what its interface says. */
export interface StandardAttributes {
  readonly State: AttributeDefinition<DevStateName, "READ">;
  readonly Status: AttributeDefinition<string, "READ">;
}
export const standardAttributes: StandardAttributes = { State: readable(DevState), Status: readable(DevString) };
/** Init, State and Status, which every device has. */
export interface StandardCommands {
  readonly Init: CommandDefinition<void, void>;
  readonly State: CommandDefinition<void, DevStateName>;
  readonly Status: CommandDefinition<void, string>;
}
export const standardCommands: StandardCommands = {
  Init: command(DevVoid, DevVoid),
  State: command(DevVoid, DevState, { outputDescription: "Device state" }),
  Status: command(DevVoid, DevString, { outputDescription: "Device status" }),
};

type Members<I, Group extends string> = I extends { readonly [G in Group]: infer M } ? M : Record<never, never>;
export type AttributesOf<I> = Members<I, "attributes">;
export type CommandsOf<I> = Members<I, "commands">;
export type PipesOf<I> = Members<I, "pipes">;
/** The values of an interface's device properties, by name. */
export type PropertyValues<I> = {
  readonly [P in keyof Members<I, "properties">]: Members<I, "properties">[P] extends PropertyDefinition<infer V>
    ? V
    : never;
};
export type AttributeValueOf<D> = D extends AttributeDefinition<infer Value, Access> ? Value : never;
export type CommandInput<D> = D extends CommandDefinition<infer In, unknown> ? In : never;
export type CommandOutput<D> =
  D extends CommandDefinition<never, infer Out> ? Out : D extends CommandDefinition<infer _, infer Out> ? Out : never;
export type ReadableNames<I> = {
  [N in keyof AttributesOf<I>]: N;
}[keyof AttributesOf<I>];
export type WritableNames<I> = {
  [N in keyof AttributesOf<I>]: AttributesOf<I>[N] extends AttributeDefinition<infer _, "READ_WRITE" | "WRITE">
    ? N
    : never;
}[keyof AttributesOf<I>];

/** What may be given where `Value` is wanted: any numbers for a typed array, and so in an image. */
export type Acceptable<Value> = Value extends BigInt64Array | BigUint64Array
  ? Value | ArrayLike<bigint>
  : Value extends ArrayBufferView
    ? Value | ArrayLike<number>
    : Value extends readonly (infer Item)[]
      ? readonly Item[]
      : Value extends Image<infer Data>
        ? Image<Acceptable<Data>>
        : Value;
