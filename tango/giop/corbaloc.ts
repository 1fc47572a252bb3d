// SPDX-License-Identifier: MIT
// corbaloc URLs (CORBA 3.3 part 2, section 7.6.10): `corbaloc:iiop:1.2@host:port/key`, several addresses by comma.
import { Buffer } from "node:buffer";
import type { Minor } from "./header.ts";
import type { Profile } from "./reference.ts";

const ADDRESS = /^(?:iiop)?:(?:1\.(\d)@)?(\[[^\]]+\]|[^:/@]+)(?::(\d{1,5}))?$/i;
const DEFAULT_PORT = 2809;

/**
 * One profile an address, without components. A version that is not given is IIOP 1.0, as clients of the Tango database rely
 * on. In the key, %20 stands for the byte 0x20.
 */
export function parseCorbaloc(text: string): Profile[] {
  const slash = text.indexOf("/");
  const places = text.slice("corbaloc:".length, slash < 0 ? undefined : slash);
  const key = slash < 0 ? new Uint8Array(0) : unescaped(text.slice(slash + 1), text);
  return places.split(",").map((place) => {
    const [, minor = "0", host, port = DEFAULT_PORT] = ADDRESS.exec(place) ?? [];
    if (host === undefined || Number(port) > 65535 || Number(minor) > 9) {
      throw new TypeError(`"${text}": "${place}" is no address; iiop:[1.2@]host[:port] expected`);
    }
    const bare = host.startsWith("[") ? host.slice(1, -1) : host;
    return { minor: Math.min(Number(minor), 2) as Minor, host: bare, port: Number(port), key, components: [] };
  });
}

function unescaped(escaped: string, text: string): Uint8Array {
  if (/%(?![0-9a-f]{2})/i.test(escaped)) throw new TypeError(`"${text}": % must be followed by two hexadecimal digits`);
  const plain = escaped.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(plain, "latin1");
}
