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
import { membersOf } from "./groups.ts";
import type { ConfiguredObject, ObjectSpec, SessionConfig } from "./load.ts";
import { placeText } from "./problem.ts";
import type { Kind } from "./schema.ts";

/** Makes the objects of each kind: from `devices/` for a beamline, soft ones for tests. An object that is disposable is
 * disposed of with the session. */
export type Factories = {
  readonly [K in Kind]: (spec: ObjectSpec<K>, options: { readonly signal?: AbortSignal }) => Promise<SessionObject>;
};

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
    warn,
    ...(options.sink && { sink: options.sink }),
  });
  try {
    for (const object of await makeAll(config.objects, options, warn)) {
      session.add(object);
      if (isDisposable(object)) session.own(object);
    }
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

async function makeAll(
  objects: readonly ConfiguredObject[],
  { factories, signal }: OpenOptions,
  warn: (message: string) => void,
): Promise<SessionObject[]> {
  const made = objects.map(({ spec, place }) =>
    attempt(`${placeText(place)}: ${spec.kind} ${spec.name} (${spec.device})`, warn, () => {
      const make = factories[spec.kind] as (one: ObjectSpec, options: object) => Promise<SessionObject>;
      return make(spec, signal ? { signal } : {});
    }),
  );
  return (await Promise.all(made)).filter((object) => object !== undefined);
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

const isDisposable = (object: object): object is SessionObject & AsyncDisposable =>
  Symbol.asyncDispose in object || Symbol.dispose in object;
