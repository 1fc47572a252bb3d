// SPDX-License-Identifier: MIT
// The shell: a session's objects and verbs at a prompt.
import { createInterface, type Key } from "node:readline";
import { type REPLServer, start } from "node:repl";
import { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { WriteStream } from "node:tty";
import { inspect } from "node:util";
import { nearest, type Screen, type Session } from "../../scanning/index.ts";
import { about, shown } from "./about.ts";
import { completeAll, type FindDevices } from "./completion.ts";
import { type Evaluation, evaluateInTurn } from "./evaluation.ts";
import { withAwait, withoutKeywords } from "./keywords.ts";
import { type Named, Scope } from "./scope.ts";
import { verbUsages } from "./usage-table.ts";

/** Milliseconds that axes and detectors get to come to rest when the shell is closed. */
const rest = 10_000;

export interface ShellOptions {
  readonly session: Session;
  /** Further names to be used, e.g. what the setup scripts export. */
  readonly objects?: Readonly<Record<string, unknown>>;
  /** Opens another session; absent: there is only the one. */
  readonly open?: (file: string) => Promise<Named & AsyncDisposable>;
  /** For Tab within a text in quotes. */
  readonly devices?: FindDevices;
  /** Default: the process' own. */
  readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output?: NodeJS.WritableStream & Screen;
  /** Lines typed are kept here; default: they are forgotten. */
  readonly historyFile?: string;
  /** On a terminal; default: the name of the session. */
  readonly prompt?: string;
}

export interface Shell extends AsyncDisposable {
  /** Resolves when the person has left, or the input has ended, and the last line is done. */
  readonly ended: Promise<void>;
  /** How many lines ended in an error so far. */
  readonly failures: number;
  /** What Ctrl-C does: stops what runs (a second one harder); at rest, clears the line. */
  interrupt(): void;
}

/**
 * Starts a shell; it does not own the session. Where input or output is no terminal, lines are read and run one by one.
 * Disposing closes it and stops what it still runs.
 */
export async function startShell(options: ShellOptions): Promise<Shell> {
  const { session, input = process.stdin, output = process.stdout, objects = {} } = options;
  const terminal = Boolean(input.isTTY && output.isTTY);
  const colors = terminal && (output as Partial<WriteStream>).hasColors?.() === true;
  const feed = terminal ? undefined : new PassThrough();
  const server = start({
    prompt: terminal ? (options.prompt ?? `${session.name}> `) : "",
    input: feed ?? input,
    output,
    terminal,
    ignoreUndefined: true,
    // Nothing is evaluated before Enter: names here move motors.
    preview: false,
    breakEvalOnSigint: terminal,
    writer: (value: unknown) => (told && told.value === value ? told.text : shown(value, colors)),
  });
  /** The value that was typed last, in words. */
  let told: { readonly value: unknown; readonly text: string } | undefined;
  const opened = new AsyncDisposableStack();
  const changed = ({ name, objects: { size } }: Session) => {
    if (terminal && options.prompt === undefined) server.setPrompt(`${name}> `);
    output.write(`Session ${name}: ${size} objects\n`);
  };
  const open_session = (file: string) => openAnother(file, scope, options.open!, opened).then(changed);
  const scope = new Scope(server.context, output, options.open ? { open_session } : {}, {
    session,
    names: objects,
    ...(options.devices && { devices: options.devices }),
  });
  let failures = 0;
  const evaluation = evaluateInTurn(server, {
    rewrite: (line) => withAwait(withoutKeywords(line, verbUsages), verbUsages),
    done: async (value) => {
      const changes = await scope.changes();
      const text = changes.length > 0 ? changes.join("\n") : await about(value, scope.own.session);
      told = text === undefined ? undefined : { value, text };
    },
    failed: (error) => {
      failures++;
      server.context.last_error = error;
      output.write(`${errorLine(error, Object.keys(server.context))}\n`);
    },
  });
  server.on("line", () => scope.refresh());
  if (terminal) completeAll(server, output, scope.devices);
  if (terminal && options.historyFile !== undefined) await history(server, options.historyFile);
  const interrupt = interruption(server, scope, evaluation);
  if (terminal) input.on("keypress", (_, key?: Key) => void (key?.name === "escape" && scope.own.desk.stop()));
  const strays = (error: unknown) => output.write(`${errorLine(error)}\n`);
  process.on("unhandledRejection", strays);
  const closed = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  if (feed) void feedLines(input, feed, server, evaluation);
  const ended = closed.then(async () => {
    await evaluation.idle();
    scope[Symbol.dispose]();
    process.off("unhandledRejection", strays);
  });
  return {
    ended,
    get failures() {
      return failures;
    },
    interrupt,
    async [Symbol.asyncDispose]() {
      evaluation.close();
      server.close();
      if (scope.own.desk.busy) {
        scope.own.desk.interrupt();
        await Promise.race([evaluation.idle(), setTimeout(rest, undefined, { ref: false })]);
      }
      evaluation.abandon();
      await ended;
      await opened.disposeAsync();
    },
  };
}

/** The new one is there before the old one is left: one that cannot be opened changes nothing. */
async function openAnother(
  file: string,
  scope: Scope,
  open: NonNullable<ShellOptions["open"]>,
  opened: AsyncDisposableStack,
): Promise<Session> {
  if (scope.own.session.running.length > 0) throw new Error("a scan runs; stop it first");
  if (typeof file !== "string" || file === "") throw new TypeError('Usage: open_session("session.yml")');
  const next = opened.use(await open(file));
  const last = scope.own.session;
  scope.use(next);
  await last[Symbol.asyncDispose]();
  return next.session;
}

function interruption(server: REPLServer, scope: Scope, evaluation: Evaluation): () => void {
  const usual = server.listeners("SIGINT");
  // At rest on an empty line the second one in a row leaves.
  let leaving = false;
  server.on("line", () => {
    leaving = false;
  });
  const interrupt = () => {
    const { desk } = scope.own;
    if (desk.busy) desk.interrupt();
    else if (evaluation.busy) {
      // The server's own listener ends an `await` it is in.
      for (const listener of usual) listener.call(server);
      evaluation.abandon();
    } else if (server.terminal && !(leaving && server.line === "")) {
      leaving = server.line === "";
      if (leaving) server.output.write("\n(Ctrl-C again, or Ctrl-D, leaves)");
      (server as unknown as { clearLine(): void }).clearLine();
      server.clearBufferedCommand();
      server.displayPrompt();
    } else server.close();
  };
  server.removeAllListeners("SIGINT");
  server.on("SIGINT", interrupt);
  return interrupt;
}

/** Line by line: the next one only when the last has been dealt with. */
async function feedLines(
  input: NodeJS.ReadableStream,
  feed: PassThrough,
  server: REPLServer,
  evaluation: Evaluation,
): Promise<void> {
  const lines = createInterface({ input });
  const left = new Promise<void>((resolve) => server.once("exit", resolve));
  void left.then(() => lines.close());
  for await (const line of lines) {
    const read = new Promise<void>((resolve) => server.once("line", () => resolve()));
    feed.write(`${line}\n`);
    await Promise.race([read, left]);
    await evaluation.idle();
  }
  evaluation.inputEnded();
  feed.end();
}

const history = (server: REPLServer, path: string): Promise<void> =>
  new Promise((resolve) => server.setupHistory(path, () => resolve()));

/** `!!! LimitError: robx: move to ...`; with the stack where BANDONEON_DEBUG is set. `known`: names that can be used. */
export function errorLine(error: unknown, known: Iterable<string> = []): string {
  if (typeof (error as Partial<Error> | undefined)?.message !== "string") return `!!! ${inspect(error)}`;
  const { name, message, stack } = error as Error;
  if (process.env.BANDONEON_DEBUG && stack) return `!!! ${stack}`;
  const unknown = name === "ReferenceError" ? /^(\w+) is not defined$/.exec(message)?.[1] : undefined;
  const near = unknown === undefined ? undefined : nearest(unknown, known);
  return `!!! ${name}: ${message}${near === undefined ? "" : `; did you mean ${near}?`}`;
}
