// SPDX-License-Identifier: MIT
// A scan being published: its document, its states, its streams.
import type { CallOptions, CommandLine, Connection } from "../connection.ts";
import type { StreamDefinition } from "../definition.ts";
import { documentText, type Info, keys, type ScanDocument, type ScanIdentity, type ScanState, type StreamDocument, stateNumber } from "../scan-document.ts"; // biome-ignore format: one import
import { newUlid } from "../ulid.ts";
import { PublishedStream } from "./published-stream.ts";
import type { Sender } from "./sender.ts";

/** Scans remembered in the history. */
const historyLength = 2048;

export class PublishedScan implements AsyncDisposable {
  readonly identity: ScanIdentity;
  readonly #connection: Connection;
  readonly #sender: Sender;
  readonly #pk = newUlid();
  readonly #stateStream: StreamDocument = { pk: newUlid(), encoding: null, info: null };
  readonly #identityPk = newUlid();
  readonly #streams = new Map<string, PublishedStream>();
  #info: Info;
  #state: ScanState = "CREATED";

  private constructor(connection: Connection, sender: Sender, identity: ScanIdentity, info: Info) {
    this.#connection = connection;
    this.#sender = sender;
    this.identity = identity;
    this.#info = info;
  }

  /** Publishes a new scan in state CREATED. */
  static async create(
    connection: Connection,
    sender: Sender,
    identity: ScanIdentity,
    info: Info,
    options?: CallOptions,
  ): Promise<PublishedScan> {
    const scan = new PublishedScan(connection, sender, identity, info);
    const text = documentText(scan.#document(info));
    await connection.transaction(
      [
        ["JSON.SET", scan.key, ".", text],
        ["XADD", keys.history, "MAXLEN", "~", historyLength, "*", "key", scan.key],
        scan.#stateCommand("CREATED"),
      ],
      options,
    );
    return scan;
  }

  /** Name of the scan in the store, `esrf:scan:<ulid>`. */
  get key(): string {
    return keys.scan(this.#pk);
  }
  get state(): ScanState {
    return this.#state;
  }
  get info(): Info {
    return this.#info;
  }
  get streams(): ReadonlyMap<string, PublishedStream> {
    return this.#streams;
  }

  /** A stream readers see from PREPARED on. @throws Error when the scan is prepared already or the name is taken */
  createStream(name: string, definition: StreamDefinition): PublishedStream {
    if (this.#state !== "CREATED")
      throw new Error(`${this.#label}: stream ${name} comes too late, the scan is ${this.#state}`);
    if (this.#streams.has(name)) throw new Error(`${this.#label}: there is a stream ${name} already`);
    const stream = new PublishedStream(name, definition, this.#connection, this.#sender);
    this.#streams.set(name, stream);
    return stream;
  }

  /** CREATED to PREPARED; the document is complete but for its end. */
  prepare(info: Info = this.#info, options?: CallOptions): Promise<void> {
    return this.#advance("PREPARED", ["CREATED"], info, options);
  }
  /** PREPARED to STARTED. */
  start(options?: CallOptions): Promise<void> {
    return this.#advance("STARTED", ["PREPARED"], this.#info, options);
  }
  /** STARTED to STOPPED: what was sent is in the store, the streams are sealed. */
  async stop(options?: CallOptions): Promise<void> {
    this.#expect("STOPPED", ["STARTED"]);
    const failures = await this.#seal(options);
    await this.#advance("STOPPED", ["STARTED"], this.#info, options);
    throwAll(failures, `${this.#label} was stopped, but not all its data were published`);
  }
  /** To CLOSED from any state, with the final document. Closing again does nothing. */
  async close(info: Info = this.#info, options?: CallOptions): Promise<void> {
    if (this.#state === "CLOSED") return;
    const failures = await this.#seal(options);
    await this.#advance("CLOSED", ["CREATED", "PREPARED", "STARTED", "STOPPED"], info, options);
    throwAll(failures, `${this.#label} was closed, but not all its data were published`);
  }

  /** Whether the store still has it: one that was started again may be empty. */
  async exists(options?: CallOptions): Promise<boolean> {
    return Number(await this.#connection.call(["EXISTS", this.key], options)) === 1;
  }

  /** Whether so much waits to be sent that the scan should hold back. */
  get full(): boolean {
    return this.#sender.full;
  }
  /** Resolves when there is room for more. */
  room(): Promise<void> {
    return this.#sender.room();
  }
  /** Resolves when all that was sent is in the store. @throws when some of it is not */
  async flush(): Promise<void> {
    await this.#sender.flush();
    throwAll(
      [...this.#streams.values()].flatMap(({ failure }) => failure ?? []),
      `${this.#label} lost data`,
    );
  }

  /** Closes the scan when it is open, as a failure: whoever ends it well closes it first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close({ ...this.#info, end_reason: this.#info.end_reason ?? "FAILURE" });
  }

  get #label(): string {
    return `scan ${this.identity.number} "${this.identity.name}"`;
  }

  #expect(to: ScanState, from: readonly ScanState[]): void {
    if (!from.includes(this.#state)) throw new Error(`${this.#label} is ${this.#state}, it cannot become ${to}`);
  }

  /** The state is the new one only when the store has taken it. */
  async #advance(to: ScanState, from: readonly ScanState[], info: Info, options?: CallOptions): Promise<void> {
    this.#expect(to, from);
    const commands: CommandLine[] = [
      ["JSON.SET", this.key, ".", documentText(this.#document(info))],
      this.#stateCommand(to),
    ];
    await this.#connection.transaction(commands, options);
    this.#state = to;
    this.#info = info;
  }

  #stateCommand(state: ScanState): CommandLine {
    return ["XADD", keys.stream(this.#stateStream.pk), "*", "state", stateNumber(state)];
  }

  async #seal(options?: CallOptions): Promise<Error[]> {
    const sealed = await Promise.allSettled([...this.#streams.values()].map((stream) => stream.seal(options)));
    return sealed.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  }

  #document(info: Info): ScanDocument {
    const { name, number, data_policy, session, proposal, collection, dataset, path } = this.identity;
    const nullable = { session, proposal, collection, dataset, path };
    const known = Object.fromEntries(Object.entries(nullable).map(([field, value]) => [field, value ?? null]));
    return {
      pk: this.#pk,
      id: { pk: this.#identityPk, name, number, data_policy, ...known },
      info,
      state_stream: this.#stateStream,
      data_streams: Object.fromEntries([...this.#streams].map(([streamName, stream]) => [streamName, stream.document])),
    };
  }
}

function throwAll(failures: readonly Error[], what: string): void {
  if (failures.length === 0) return;
  throw new AggregateError(failures, `${what}: ${failures.map(({ message }) => message).join("; ")}`);
}
