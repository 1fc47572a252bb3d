// SPDX-License-Identifier: MIT
// From session files to what they say together: includes taken in, every name checked.
import { access, readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { z } from "zod";
import { checkFormulas } from "./calculated.ts";
import { type ConfiguredChain, checkChain } from "./chain.ts";
import { type ConfigDocument, parseConfig } from "./document.ts";
import { checkGroups } from "./groups.ts";
import { ConfigError, type Place, type Problem, placeText } from "./problem.ts";
import { type DataOptions, type FileContents, fileSchema, type Kind, kinds } from "./schema.ts";
import { complaints } from "./words.ts";

/** What a factory makes an object from. */
export type ObjectSpec<K extends Kind = Kind> = {
  [One in K]: { readonly name: string; readonly kind: One } & Readonly<z.infer<(typeof kinds)[One]>>;
}[K];
export interface ConfiguredObject {
  readonly spec: ObjectSpec;
  readonly place: Place;
}
export interface ConfiguredGroup {
  readonly name: string;
  readonly members: readonly string[];
  readonly place: Place;
}
export interface SessionConfig {
  readonly name: string;
  /** Read in this order; the last is the one that was asked for. */
  readonly files: readonly string[];
  readonly objects: readonly ConfiguredObject[];
  readonly groups: readonly ConfiguredGroup[];
  readonly data: DataOptions;
  readonly chain: readonly ConfiguredChain[];
  /** Paths of scripts, in the order they are run. */
  readonly setup: readonly string[];
  readonly stream?: string;
  readonly writer?: string;
  readonly tangoHost?: string;
}

export interface LoadOptions {
  /** Default: the process' own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** @throws ConfigError with everything that is wrong */
export async function loadConfig(file: string, options: LoadOptions = {}): Promise<SessionConfig> {
  const loading = new Loading(options.environment ?? process.env);
  await loading.file(file, []);
  return loading.result(file);
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

class Loading {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #problems: Problem[] = [];
  readonly #files: string[] = [];
  readonly #objects = new Map<string, ConfiguredObject>();
  readonly #groups = new Map<string, ConfiguredGroup>();
  readonly #chain: ConfiguredChain[] = [];
  readonly #setup: string[] = [];
  readonly #settled: Mutable<Partial<Pick<SessionConfig, "name" | "data" | "stream" | "writer" | "tangoHost">>> = {};

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** `around`: the files that include this one; `from`: where the innermost does. */
  async file(file: string, around: readonly string[], from?: Place): Promise<void> {
    if (this.#files.includes(file)) return;
    const start = { file, line: 1, column: 1 };
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      this.#problem(from ?? start, unreadable(file, error));
    });
    if (text === undefined) return;
    const document = parseConfig(file, text, this.#environment);
    this.#problems.push(...document.problems);
    if (document.problems.length > 0) return;
    const checked = fileSchema.safeParse(document.contents ?? {});
    if (!checked.success) this.#complain(document, [], fileSchema, document.contents, checked.error);
    // Objects are told apart from what is wrong elsewhere, so that all is said at once.
    const contents = (checked.data ?? document.contents ?? {}) as FileContents;
    if (Array.isArray(contents.include)) await this.#include(document, contents.include, [...around, file]);
    this.#files.push(file);
    if (typeof contents.name === "string") this.#settled.name = contents.name;
    this.#takeObjects(document, contents.objects);
    if (checked.success) await this.#take(document, checked.data);
  }

  async #include(document: ConfigDocument, files: readonly unknown[], around: readonly string[]): Promise<void> {
    for (const [i, name] of files.entries()) {
      if (typeof name !== "string") continue;
      const place = document.place(["include", i]);
      const file = isAbsolute(name) ? name : join(dirname(document.file), name);
      if (around.includes(file)) this.#problem(place, `${file} includes itself: ${[...around, file].join(" -> ")}`);
      else await this.file(file, around, place);
    }
  }

  #takeObjects(document: ConfigDocument, objects: unknown): void {
    if (typeof objects !== "object" || objects === null) return;
    for (const [name, given] of Object.entries(objects as Record<string, { kind?: unknown } | null>)) {
      const { kind, ...options } = given ?? {};
      if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) continue; // said by the file's schema
      const place = document.place(["objects", name]);
      const schema = kinds[kind as Kind];
      const checked = schema.safeParse(options);
      if (!checked.success) this.#complain(document, ["objects", name], schema, options, checked.error);
      const known = this.#objects.get(name);
      if (known) this.#problem(place, `${name} is already defined at ${placeText(known.place)}`);
      // What is wrong with it has been said; groups may still name it.
      this.#objects.set(name, { spec: { name, kind, ...checked.data } as ObjectSpec, place });
    }
  }

  async #take(document: ConfigDocument, contents: FileContents): Promise<void> {
    const beside = (path: string) => resolve(dirname(document.file), path);
    for (const [name, members] of Object.entries(contents.groups ?? {})) {
      const place = document.place(["groups", name]);
      const known = this.#groups.get(name);
      if (known) this.#problem(place, `group ${name} is already defined at ${placeText(known.place)}`);
      this.#groups.set(name, { name, members, place });
    }
    for (const script of [contents.setup ?? []].flat()) {
      const path = isAbsolute(script) ? script : beside(script);
      const there = await access(path).then(
        () => true,
        () => false,
      );
      if (!there) this.#problem(document.place(["setup"]), `there is no file ${path}`);
      this.#setup.push(path);
    }
    for (const [i, setting] of (contents.chain ?? []).entries())
      this.#chain.push({ setting, place: document.place(["chain", i]) });
    const { data, stream, writer, tango_host } = contents;
    Object.assign(this.#settled, {
      ...(data && { data: data.folder === undefined ? data : { ...data, folder: fromHere(data.folder, beside) } }),
      ...(stream !== undefined && { stream }),
      ...(writer !== undefined && { writer }),
      ...(tango_host !== undefined && { tangoHost: tango_host }),
    });
  }

  result(file: string): SessionConfig {
    const { name, data = { policy: "basic" }, ...rest } = this.#settled;
    if (name === undefined && this.#files.includes(file))
      this.#problem({ file, line: 1, column: 1 }, 'the session has no name: add "name: ..."');
    if (rest.writer !== undefined && rest.stream === undefined)
      this.#problem({ file, line: 1, column: 1 }, 'writer follows the data stream: add "stream: redis://host:port"');
    this.#problems.push(
      ...checkFormulas(this.#objects),
      ...checkGroups(this.#groups.values(), this.#objects),
      ...checkChain(this.#chain, this.#objects),
    );
    if (this.#problems.length > 0) throw new ConfigError(this.#problems.toSorted(byPlace));
    return {
      ...rest,
      name: name ?? "",
      data,
      files: this.#files,
      objects: [...this.#objects.values()],
      groups: [...this.#groups.values()],
      chain: this.#chain,
      setup: this.#setup,
    };
  }

  #problem(place: Place, message: string): void {
    this.#problems.push({ place, message });
  }
  #complain(
    document: ConfigDocument,
    around: readonly string[],
    schema: z.ZodType,
    contents: unknown,
    error: z.ZodError,
  ) {
    for (const { path, key, message } of complaints(schema, contents, error.issues))
      this.#problem(document.place([...around, ...path], key), message);
  }
}

const byPlace = ({ place: a }: Problem, { place: b }: Problem) =>
  a.file === b.file ? a.line - b.line || a.column - b.column : 0;

/** `~/data` is in the home folder; a relative path starts at the file. */
function fromHere(path: string, beside: (path: string) => string): string {
  if (path.startsWith("~/")) return join(process.env.HOME ?? "", path.slice(2));
  return isAbsolute(path) ? path : beside(path);
}

function unreadable(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return `there is no file ${file}`;
  if (code === "EISDIR") return `${file} is a folder; name a session file in it, e.g. ${join(file, "session.yml")}`;
  return message;
}
