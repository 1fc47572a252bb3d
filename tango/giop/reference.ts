// SPDX-License-Identifier: MIT
// Object references: where an object is, as an IOR (hexadecimal) or a corbaloc URL (readable).
import { Buffer } from "node:buffer";
import type { Reader } from "../cdr/index.ts";
import { Reader as CdrReader, MarshalError, Writer } from "../cdr/index.ts";
import type { Address } from "../transport/index.ts";
import { parseCorbaloc } from "./corbaloc.ts";
import type { Minor } from "./header.ts";

/** A component of a profile: what else is to be known of the way to the object. */
export interface Component {
  readonly tag: number;
  readonly data: Uint8Array;
}

/** One way to the object: IIOP version 1.`minor`, host, port, the key by which the server knows it. */
export interface Profile {
  readonly minor: Minor;
  readonly host: string;
  readonly port: number;
  readonly key: Uint8Array;
  readonly components: readonly Component[];
}

const TAG_INTERNET_IOP = 0;
export const componentTags = { orbType: 0, codeSets: 1, alternateAddress: 3, unixSocket: 0x41545402 } as const;

export class ObjectReference {
  /** Repository id of the most derived interface; empty for a corbaloc. */
  readonly typeId: string;
  readonly profiles: readonly Profile[];

  constructor(typeId: string, profiles: readonly Profile[]) {
    this.typeId = typeId;
    this.profiles = profiles;
  }

  /**
   * Reads `IOR:0123...` or `corbaloc:iiop:1.2@host:port/key`.
   * @throws TypeError when the text is neither, saying what is wrong with it.
   */
  static parse(text: string): ObjectReference {
    if (/^corbaloc:/i.test(text)) return new ObjectReference("", parseCorbaloc(text));
    if (!/^IOR:([0-9a-f]{2})+$/i.test(text)) {
      throw new TypeError(
        `"${text.slice(0, 40)}" is no object reference: IOR:<hexadecimal> or corbaloc:iiop:... expected`,
      );
    }
    const bytes = Buffer.from(text.slice(4), "hex");
    try {
      return ObjectReference.read(new CdrReader(bytes).within(0, bytes.length));
    } catch (error) {
      if (error instanceof MarshalError) throw new TypeError(`"${text.slice(0, 40)}..." is damaged: ${error.message}`);
      throw error;
    }
  }

  /** Reads a reference as it stands in a message. */
  static read(reader: Reader): ObjectReference {
    const typeId = reader.string();
    const profiles: Profile[] = [];
    for (let left = reader.count(8); left > 0; left--) {
      const tag = reader.ulong();
      const content = reader.encapsulation();
      if (tag === TAG_INTERNET_IOP) profiles.push(readProfile(content));
    }
    return new ObjectReference(typeId, profiles);
  }

  write(writer: Writer): void {
    writer.string(this.typeId);
    writer.ulong(this.profiles.length);
    for (const profile of this.profiles) {
      writer.ulong(TAG_INTERNET_IOP);
      writer.encapsulation((inner) => writeProfile(inner, profile));
    }
  }

  /** `IOR:` and hexadecimal. */
  toString(): string {
    const writer = new Writer();
    writer.boolean(true);
    this.write(writer);
    return `IOR:${Buffer.from(writer.bytes()).toString("hex")}`;
  }
}

/** The body of an IIOP profile. */
export function readProfile(reader: Reader): Profile {
  const major = reader.octet();
  const minor = reader.octet();
  if (major !== 1) throw new MarshalError(`IIOP ${major}.${minor} is unknown`, reader.offset - 2);
  const host = reader.string();
  const port = reader.ushort();
  const key = reader.octets();
  const components: Component[] = [];
  for (let left = minor > 0 ? reader.count(8) : 0; left > 0; left--) {
    components.push({ tag: reader.ulong(), data: reader.octets() });
  }
  return { minor: Math.min(minor, 2) as Minor, host, port, key, components };
}

function writeProfile(inner: Writer, { minor, host, port, key, components }: Profile): void {
  inner.octet(1);
  inner.octet(minor);
  inner.string(host);
  inner.ushort(port);
  inner.octets(key);
  if (minor === 0) return;
  inner.ulong(components.length);
  for (const { tag, data } of components) {
    inner.ulong(tag);
    inner.octets(data);
  }
}

const encapsulated = (write: (inner: Writer) => void): Uint8Array => {
  const writer = new Writer();
  writer.boolean(true);
  write(writer);
  return writer.bytes();
};

const LATIN1 = 0x00010001;
const UTF8 = 0x05010001;
const UTF16 = 0x00010109;

/** Says that narrow strings are ISO 8859-1 and may be UTF-8, wide ones UTF-16: what makes clients negotiate. */
export const codeSetsComponent = (): Component => ({
  tag: componentTags.codeSets,
  data: encapsulated((inner) => {
    for (const word of [LATIN1, 1, UTF8, UTF16, 1, UTF16]) inner.ulong(word);
  }),
});

/** A further address of the same server, e.g. its IPv6 one. */
export const alternateAddressComponent = (host: string, port: number): Component => ({
  tag: componentTags.alternateAddress,
  data: encapsulated((inner) => {
    inner.string(host);
    inner.ushort(port);
  }),
});

/** omniORB's: clients on the host of this name may connect to this socket instead. */
export const unixSocketComponent = (hostname: string, path: string): Component => ({
  tag: componentTags.unixSocket,
  data: encapsulated((inner) => {
    inner.string(hostname);
    inner.string(path);
  }),
});

/** Where to connect for a profile, best first: the unix socket when it is of this host, the address, its alternates. */
export function addressesOf(profile: Profile, hostname?: string): readonly Address[] {
  const local: Address[] = [];
  const others: Address[] = [];
  for (const { tag, data } of profile.components) {
    if (data.length === 0) continue;
    if (tag !== componentTags.unixSocket && tag !== componentTags.alternateAddress) continue;
    const inner = new CdrReader(data).within(0, data.length);
    const name = inner.string();
    if (tag === componentTags.alternateAddress) others.push({ host: name, port: inner.ushort() });
    else if (name === hostname) local.push({ path: inner.string() });
  }
  return [...local, { host: profile.host, port: profile.port }, ...others];
}
