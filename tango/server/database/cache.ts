// SPDX-License-Identifier: MIT
// The reply of DbGetDataForServerCache: everything a server needs to start, as one list of strings.
import { devFailed } from "../../errors.ts";
import type { ClassRecord, DeviceRecord, MemberRows, PropertyRows, ServerRecord } from "./port.ts";
import { ServerNotDefined } from "./port.ts";

/** Takes words from the list in order. */
class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }
  get left(): number {
    return this.#words.length - this.#at;
  }
  peek(): string | undefined {
    return this.#words[this.#at];
  }
  next(): string {
    const word = this.#words[this.#at];
    if (word === undefined) {
      throw devFailed(
        "API_IncoherentDbData",
        "DbGetDataForServerCache ends before all it announces",
        "ServerDatabase.load",
      );
    }
    this.#at++;
    return word;
  }
  count(): number {
    const word = this.next();
    if (/^\d+$/.test(word)) return Number(word);
    throw devFailed(
      "API_IncoherentDbData",
      `DbGetDataForServerCache has "${word}" in place of a count`,
      "ServerDatabase.load",
    );
  }
  many<T>(read: () => T): T[] {
    return Array.from({ length: this.count() }, read);
  }
}

/** name, n, then per property: name, number of values, values. */
function properties(words: Words): PropertyRows {
  words.next();
  return propertyList(words);
}
const propertyList = (words: Words): PropertyRows =>
  Object.fromEntries(words.many(() => [words.next(), words.many(() => words.next())]));

/** name, n, then per attribute or pipe: name, properties. */
function members(words: Words): MemberRows {
  words.next();
  return Object.fromEntries(words.many(() => [words.next(), propertyList(words)]));
}

/** An import block: name, then "Not Found" or `fields` more. */
function imported(words: Words, fields: number): readonly string[] | undefined {
  words.next();
  if (words.peek() === "Not Found") {
    words.next();
    return undefined;
  }
  return Array.from({ length: fields }, () => words.next());
}

export function readServerCache(list: readonly string[], server: string): ServerRecord {
  const words = new Words(list);
  const hasPipes = /^release /i.test(words.peek() ?? "");
  if (hasPipes) words.next();
  // IOR, version, server, host, exported, pid, class.
  const admin = imported(words, 7);
  if (!admin) throw new ServerNotDefined(`The device server ${server} is not defined in database`);
  imported(words, 5);
  imported(words, 5);
  const adminClass = properties(words);
  properties(words); // of the class Default
  const adminProperties = properties(words);
  words.next();
  const classes = words.many(() => readClass(words, hasPipes));
  const controlSystem = words.left > 0 ? properties(words) : {};
  const isRunning = admin[4] === "1" && admin[0] !== undefined;
  return { classes, admin: adminProperties, adminClass, controlSystem, ...(isRunning && { running: admin[0] }) };
}

/** Each of its parts begins with the class's name; the properties come first. */
function readClass(words: Words, hasPipes: boolean): ClassRecord {
  const name = words.peek() ?? "";
  const own = properties(words);
  const attributes = members(words);
  const pipes = hasPipes ? members(words) : {};
  words.next();
  const devices = words.many(() => words.next()).map((device) => readDevice(words, device, hasPipes));
  return { name, properties: own, attributes, pipes, devices };
}

const readDevice = (words: Words, name: string, hasPipes: boolean): DeviceRecord => ({
  name,
  properties: properties(words),
  attributes: members(words),
  pipes: hasPipes ? members(words) : {},
});
