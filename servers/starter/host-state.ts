// SPDX-License-Identifier: MIT
// The state of a host, from the states of its servers.
import type { DevStateName } from "../../tango/idl/tango-types.ts";

export interface WatchedServer {
  /** As the database spells it. */
  readonly name: string;
  readonly state: "ON" | "MOVING" | "FAULT";
  readonly controlled: boolean;
  readonly level: number;
  readonly instances: number;
  /** Milliseconds since the epoch it has been MOVING from. */
  readonly movingSince: number;
}

export interface HostState {
  readonly state: DevStateName;
  /** Absent: as it was. */
  readonly status?: string;
}

const one = "At least one of the  controlled servers";

/** `busy`: a server is just being started. `patience`: milliseconds a server may be MOVING before the host is STANDBY. */
export function hostState(servers: readonly WatchedServer[], busy: boolean, now: number, patience: number): HostState {
  if (servers.length === 0) return { state: "ON" };
  const controlled = servers.filter((server) => server.controlled);
  const moving = controlled.filter(({ state }) => state === "MOVING");
  if (busy || moving.some(({ movingSince }) => now - movingSince <= patience))
    return { state: "MOVING", status: `${one} is running but not responding` };
  if (moving.length > 0) return { state: "STANDBY", status: `${one} is running but not responding since a while` };
  const running = controlled.filter(({ state, instances }) => state === "ON" && instances <= 1);
  if (running.length === controlled.length) return { state: "ON", status: "All controlled servers are running" };
  if (controlled.every(({ state }) => state !== "ON"))
    return { state: "OFF", status: "All controlled servers are not running" };
  const twice = controlled.filter(({ instances }) => instances > 1).map(({ name }) => name);
  if (twice.length > 0) return { state: "ALARM", status: `At least one server is running twice: ${twice.join(", ")}` };
  return { state: "ALARM", status: `${one} is not running` };
}

/** One line of the attribute Servers. */
export const serverLine = ({ name, state, controlled, level, instances }: WatchedServer): string =>
  [name, state, controlled ? 1 : 0, level, instances].join("\t");
