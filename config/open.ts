// SPDX-License-Identifier: MIT
// From a configuration to a session people work in. One object that cannot be made does not keep the others away.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type BasicParameters,
  basicPolicy,
  esrfPolicy,
  memorySettings,
  type SavingPolicy,
  Session,
  type SessionObject,
  type Settings,
  type Sink,
} from "../scanning/index.ts";
import { calculatedCounter, inOrder } from "./calculated.ts";
import { membersOf } from "./groups.ts";
import type { ConfiguredObject, ObjectSpec, SessionConfig } from "./load.ts";
import { type Place, placeText } from "./problem.ts";

/**
 * Makes the objects of each kind: those of `devices/` for a beamline, soft ones for tests. What is disposable is disposed
 * of with the session.
 */
export interface Factories {
  motor(spec: ObjectSpec<"motor">, options: MakeOptions): Promise<SessionObject>;
  /** All counters of one device at once, as they are read together; gives them by name. */
  counters(specs: readonly ObjectSpec<"counter">[], options: MakeOptions): Promise<object>;
  camera(spec: ObjectSpec<"camera">, options: MakeOptions): Promise<SessionObject>;
  spectrometer(spec: ObjectSpec<"spectrometer">, options: MakeOptions): Promise<SessionObject>;
  gate(spec: ObjectSpec<"gate">, options: MakeOptions): Promise<SessionObject>;
}
export interface MakeOptions {
  readonly signal?: AbortSignal;
}

export interface OpenOptions {
  readonly factories: Factories;
  readonly settings?: Settings;
  readonly sink?: Sink;
  /** Objects that could not be made, scripts that failed. Default: a warning of the process. */
  readonly warn?: (message: string) => void;
  /** Stops the waiting for objects. */
  readonly signal?: AbortSignal;
}

export interface OpenedSession extends AsyncDisposable {
  readonly session: Session;
  /** What the setup scripts export, to be used by name in the shell. */
  readonly names: Readonly<Record<string, unknown>>;
}

/** Makes the objects of a configuration, all at once, then its groups; then runs its setup scripts, one by one. */
export async function openSession(config: SessionConfig, options: OpenOptions): Promise<OpenedSession> {
  const { settings = memorySettings(), warn = (message) => process.emitWarning(message, "ConfigWarning") } = options;
  const policy = await policyOf(config, settings);
  const session = new Session({
    name: config.name,
    settings,
    policy,
    chainSettings: config.chain.map(({ setting }) => setting),
    warn,
    ...(options.sink && { sink: options.sink }),
  });
  try {
    await makeObjects(session, config.objects, options, warn);
    for (const group of config.groups) {
      await attempt(placeText(group.place), warn, () => session.group(group.name, membersOf(group, session.objects)));
    }
    const names: Record<string, unknown> = {};
    for (const script of config.setup)
      await attempt(script, warn, async () => Object.assign(names, await setUp(script, session)));
    return { session, names, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

/** All at the same time; the session has them in the order of the configuration. */
async function makeObjects(
  session: Session,
  objects: readonly ConfiguredObject[],
  { factories, signal }: OpenOptions,
  warn: (message: string) => void,
): Promise<void> {
  const options = signal ? { signal } : {};
  const [formulas, devices] = [objects.filter(isFormula), objects.filter((object) => !isFormula(object))];
  const making = batches(devices).map(({ place, specs }) => {
    const [first] = specs;
    const what = `${placeText(place)}: ${first.kind} ${specs.map(({ name }) => name).join(", ")} (${first.device})`;
    return attempt(what, warn, () => make(specs, factories, options));
  });
  const made: Record<string, SessionObject> = {};
  for (const { owned, named } of (await Promise.all(making)).filter((one) => one !== undefined)) {
    if (isDisposable(owned)) session.own(owned);
    Object.assign(made, named);
  }
  // Formulas are made of the others, and of each other.
  const known = new Map(Object.entries(made));
  for (const { spec, place } of inOrder(formulas))
    await attempt(`${placeText(place)}: formula ${spec.name}`, warn, () => {
      const counter = calculatedCounter(spec, known);
      known.set(spec.name, counter);
      made[spec.name] = counter;
    });
  for (const { spec } of objects) if (made[spec.name]) session.add(made[spec.name]!);
}

const isFormula = ({ spec }: ConfiguredObject) => spec.kind === "formula";

type DeviceSpec = Exclude<ObjectSpec, { kind: "formula" }>;
type Specs = readonly [DeviceSpec, ...DeviceSpec[]];

/** Counters of one device are one batch; any other object is its own. */
function batches(objects: readonly ConfiguredObject[]): { place: Place; specs: Specs }[] {
  const keyOf = ({ spec }: ConfiguredObject) =>
    spec.kind === "counter" ? `counter ${spec.device} ${spec.critical ?? true}` : spec.name;
  return [...Map.groupBy(objects, keyOf).values()].map((members) => ({
    place: members[0]!.place,
    specs: members.map(({ spec }) => spec) as unknown as Specs,
  }));
}

/** @throws what the factory throws */
async function make(specs: Specs, factories: Factories, options: MakeOptions) {
  const [spec] = specs;
  if (spec.kind === "counter") {
    const owned = await factories.counters(specs as unknown as ObjectSpec<"counter">[], options);
    return { owned, named: { ...owned } as Record<string, SessionObject> };
  }
  const owned = await factories[spec.kind](spec as never, options);
  return { owned, named: { [spec.name]: owned } };
}

/** @throws Error when the script has no `setup` function, or what the script throws */
async function setUp(script: string, session: Session): Promise<Record<string, unknown>> {
  const { setup, ...names } = (await import(pathToFileURL(resolve(script)).href)) as Record<string, unknown>;
  if (setup !== undefined && typeof setup !== "function") throw new TypeError("`setup` is not a function");
  if (setup === undefined && Object.keys(names).length === 0)
    throw new TypeError("it exports nothing: write `export async function setup(session) { ... }`");
  await setup?.(session);
  return names;
}

async function attempt<T>(what: string, warn: (message: string) => void, action: () => T | Promise<T>) {
  try {
    return await action();
  } catch (error) {
    warn(`${what}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

async function policyOf({ name, data }: SessionConfig, settings: Settings): Promise<SavingPolicy> {
  const { policy, folder, template, filename, images, beamline, roots } = data;
  if (policy === "esrf") return esrfPolicy(name, settings, { beamline: beamline ?? name, ...(roots && { roots }) });
  const given: [keyof BasicParameters, string | undefined][] = [
    ["base_path", folder],
    ["template", template],
    ["data_filename", filename],
    ["images_path_template", images],
  ];
  return basicPolicy(name, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
}

const isDisposable = (object: object): object is AsyncDisposable =>
  Symbol.asyncDispose in object || Symbol.dispose in object;
