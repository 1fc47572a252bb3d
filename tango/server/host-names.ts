// SPDX-License-Identifier: MIT
import { reverse } from "node:dns/promises";
import { hostname } from "node:os";

const OWN = /^(127\.|::1$|\/|memory)/;

/** Names of hosts by their addresses, asked for once; an address nobody names stays an address. */
export function hostNames(): (address: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  const look = async (address: string): Promise<string> => {
    if (OWN.test(address)) return hostname().toLowerCase();
    const [name] = await reverse(address).catch((): string[] => []);
    return name?.toLowerCase() ?? address;
  };
  return (address) => {
    let name = known.get(address);
    if (!name) known.set(address, (name = look(address)));
    return name;
  };
}
