// SPDX-License-Identifier: MIT
// Where a server listens, what it tells of that to clients, and the keys its devices are known by.
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { type Component, codeSetsComponent, ObjectReference, unixSocketComponent } from "../giop/index.ts";
import { interfaceId } from "../idl/index.ts";
import { IDL_VERSION } from "./operations/information.ts";

/** IPv4 addresses of this host, those that others can reach first. */
export function hostAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const ipv4 = all.filter(({ family }) => family === "IPv4");
  const outward = ipv4.filter(({ internal }) => !internal).map(({ address }) => address);
  return outward.length > 0 ? outward : ["127.0.0.1"];
}

export interface Advertised {
  readonly host: string;
  readonly port: number;
  /** A unix-domain socket, for clients on the host of this name. */
  readonly local?: { readonly hostname: string; readonly path: string };
}

/** Gives the references, as text, of what is served at a place. They differ in their keys only: one of each length is written. */
export function referencesTo({ host, port, local }: Advertised): (key: Uint8Array) => string {
  const components: Component[] = [
    codeSetsComponent(),
    ...(local ? [unixSocketComponent(local.hostname, local.path)] : []),
  ];
  const written = new Map<number, readonly [before: string, after: string]>();
  return (key) => {
    let around = written.get(key.length);
    if (!around) {
      // A port may have bytes of 255, nothing else: never as many as a key has.
      const blank = Buffer.alloc(key.length, 0xff);
      const profile = { minor: 2, host, port, key: blank, components } as const;
      const [before = "", after = ""] = new ObjectReference(interfaceId(IDL_VERSION), [profile])
        .toString()
        .split(blank.toString("hex"));
      written.set(key.length, (around = [before, after]));
    }
    return `${around[0]}${Buffer.from(key).toString("hex")}${around[1]}`;
  };
}

/** Makes the object keys of a server's devices; a device keeps its key while the process lives. */
export type KeyMaker = (name: string) => Uint8Array;

/** Without a database clients know a device by its name alone. */
export const namedKeys: KeyMaker = (name) => Buffer.from(name.toLowerCase(), "latin1");

/** With one, keys are new at each start: a client with an old reference must notice. */
export function freshKeys(): KeyMaker {
  const start = Buffer.from([0xfe, ...randomBytes(8), 0]);
  const known = new Map<string, Uint8Array>();
  return (name) => {
    const found = known.get(name.toLowerCase());
    if (found) return found;
    const index = Buffer.alloc(4);
    index.writeUInt32BE(known.size);
    const key = Buffer.concat([start, index]);
    known.set(name.toLowerCase(), key);
    return key;
  };
}
