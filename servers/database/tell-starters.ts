// SPDX-License-Identifier: MIT
// Tells the Starter of a host that the database says something new about its servers.
import { type ControlSystem, connect } from "../../tango/index.ts";
import type { Store } from "./store/store.ts";

/**
 * What runs after each commit. Every host that changed is told in its own time, one call at a time and the last change
 * always; a Starter that does not answer reads the database itself sooner or later. The free property
 * `Default/FireToStarter` = false keeps the database quiet.
 */
export function starterTeller(store: Store, system: () => ControlSystem): () => void {
  /** Hosts being told; true when something changed meanwhile. */
  const busy = new Map<string, boolean>();
  const tell = async (host: string) => {
    do {
      busy.set(host, false);
      await tellStarter(store, system(), host).catch(() => {});
    } while (busy.get(host));
    busy.delete(host);
  };
  return () => {
    if (store.changedHosts.size === 0) return;
    const hosts = new Set([...store.changedHosts].map((host) => host.split(".")[0]?.toLowerCase() ?? ""));
    store.changedHosts.clear();
    const [fire = ""] = store.properties.property.values(["Default"], "FireToStarter");
    if (fire.toLowerCase() === "false") return;
    for (const host of hosts)
      if (busy.has(host)) busy.set(host, true);
      else void tell(host);
  };
}

async function tellStarter(store: Store, system: ControlSystem, host: string): Promise<void> {
  const [domain = "tango"] = store.properties.property_class.values(["Starter"], "Domain");
  const name = `${domain}/admin/${host}`;
  if (!store.sql.get`SELECT 1 FROM device WHERE name = ${name} AND exported = 1`) return;
  await using starter = await connect(name, { system });
  await starter.call("UpdateServersInfo");
}
