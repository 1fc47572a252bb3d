// SPDX-License-Identifier: MIT
// Tab: the arguments of a verb, names and members, devices of the control system, attributes and commands of a device.
import type { REPLServer } from "node:repl";
import { hintAt } from "./help.ts";

/** Names of Tango devices that begin with a text. */
export type FindDevices = (beginning: string) => Promise<readonly string[]>;

type Found = [names: string[], word: string];
type Completer = (line: string, done: (error: Error | null, found: Found) => void) => void;

/** Tab where an argument may begin shows what the verb wants; within a word or a text it completes it, wherever it is. */
export function completeAll(server: REPLServer, output: NodeJS.WritableStream, devices: FindDevices): void {
  const complete = server.completer as Completer;
  const withHints: Completer = (line, done) => {
    const text = openText(line);
    if (text) {
      // A control system that does not answer has no names.
      const finding = namesFor(text, server.context, devices).catch((): readonly string[] => []);
      void finding.then((names) => done(null, [names.filter((name) => begins(name, text.word)), text.word]));
      return;
    }
    const hint = hintAt(line);
    // The server's own completion does not see names inside an open call.
    const word = /[\w$]+(\.[\w$]*)*$/.exec(line)?.[0] ?? line;
    if (hint === undefined) return complete.call(server, word, (error, found) => done(error, own(found)));
    output.write(`\n${hint}\n`);
    done(null, [[], line]);
    server.displayPrompt(true);
  };
  Object.assign(server, { completer: withHints });
}

const begins = (name: string, word: string) => name.toLowerCase().startsWith(word.toLowerCase());

interface OpenText {
  /** `proxy` and `read` of `proxy.read("`. */
  readonly object?: string | undefined;
  readonly call?: string | undefined;
  readonly word: string;
}

/** The text in quotes that is being typed; undefined: none is. */
export function openText(line: string): OpenText | undefined {
  const closed = line.replace(/"[^"]*"|'[^']*'/g, (text) => " ".repeat(text.length));
  const start = closed.search(/["']/);
  if (start < 0) return undefined;
  const [, object, call] = /(\w+)\.(\w+)\(\s*$/.exec(line.slice(0, start)) ?? [];
  return { object, call, word: line.slice(start + 1) };
}

type Named = readonly { readonly name: string }[];
/** A Tango device, as far as its names. */
export interface Device {
  readonly name: string;
  attributes(): Promise<Named>;
  commands(): Promise<Named>;
}
export const isDevice = (object: unknown): object is Device =>
  typeof object === "object" &&
  object !== null &&
  "attributes" in object &&
  "commands" in object &&
  typeof object.attributes === "function" &&
  typeof object.commands === "function";

/** Of `device.call("` its commands, of any other method its attributes; elsewhere devices. */
async function namesFor(
  { object, call, word }: OpenText,
  context: Readonly<Record<string, unknown>>,
  devices: FindDevices,
): Promise<readonly string[]> {
  const known = object === undefined ? undefined : context[object];
  if (isDevice(known)) {
    const members = await (call === "call" ? known.commands() : known.attributes());
    return members.map(({ name }) => name);
  }
  return devices(word);
}

/** Without what every object has. */
function own([names, word]: Found): Found {
  const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));
  const useful = names.filter((name) => !name.includes(".") || !inherited.has(name.slice(name.lastIndexOf(".") + 1)));
  return [useful.length > 0 ? useful.slice(useful[0] === "" ? 1 : 0) : names, word];
}
