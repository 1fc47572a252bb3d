// SPDX-License-Identifier: MIT
// Asking a server for events, and what it answers: where they are published and under which topic.
import { DevFailed } from "../../errors.ts";
import type { EventLayout, EventName } from "../../events/index.ts";
import { layoutFor, topicEvent } from "../../events/index.ts";
import { DevVarStringArray } from "../../idl/tango-types.ts";
import { callee } from "../callee.ts";
import type { CallOptions, DeviceRoute } from "../device-route.ts";
import { dialects } from "../dialect/index.ts";
import { deeds } from "../failures.ts";

/** The IDL version of this library, as servers are told. */
const LIBRARY = 6;
const ORIGIN = "EventConsumer::connect_event()";

export interface Wanted {
  /** domain/family/member */
  readonly device: string;
  /** The device's IDL version. */
  readonly version: number;
  /** Attribute or pipe; empty for events of the device. */
  readonly member: string;
  readonly event: EventName;
}

export interface Registration {
  /** Pairs, best first. */
  readonly endpoints: readonly { readonly heartbeat: string; readonly event: string }[];
  readonly topic: string;
  /** Topic of the heartbeats, without `.heartbeat`. */
  readonly channel: string;
  readonly layout: EventLayout;
}

/** Executes a command of an admin device. */
export function adminCall(
  route: DeviceRoute,
  name: string,
  code: number,
  value: unknown,
  limits: CallOptions,
): Promise<unknown> {
  return route.run(deeds.command(name), limits, (live) =>
    dialects[live.version].commandInOut(callee(live, limits), name, { code, value }),
  );
}

/**
 * Registers as a subscriber. `prefix` is the start of topics (`tango://host:port/`) for servers too old to tell.
 * @throws DevFailed with the reason why no such event would come.
 */
export async function register(
  admin: DeviceRoute,
  wanted: Wanted,
  fallback: { readonly prefix: string; readonly suffix: string },
  limits: CallOptions,
): Promise<Registration> {
  const { device, member, event, version } = wanted;
  const words = [device, member || "dummy", "subscribe", event, String(LIBRARY)];
  const answer = await adminCall(admin, "ZmqEventSubscriptionChange", DevVarStringArray.code, words, limits).catch(
    (error: unknown) => {
      if (!(error instanceof DevFailed)) throw error;
      const problem = "Device server send exception while trying to register event";
      throw error.within("API_DSFailedRegisteringEvent", problem, ORIGIN);
    },
  );
  const { svalue } = answer as { readonly svalue: readonly string[] };
  const layout = layoutFor(event, Math.min(LIBRARY, version));
  const tells = svalue.length >= 4 && svalue.at(-1)?.startsWith("tango://");
  const { prefix, suffix } = fallback;
  const path = member ? `${device}/${member}` : device;
  return {
    endpoints: pairs(tells ? svalue.slice(0, -2) : svalue),
    topic: (tells && svalue.at(-2)) || `${prefix}${path.toLowerCase()}${suffix}.${topicEvent(event, layout)}`,
    channel: (tells && svalue.at(-1)) || `${prefix}${admin.name}${suffix}`,
    layout,
  };
}

function pairs(words: readonly string[]): Registration["endpoints"] {
  const found: { heartbeat: string; event: string }[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) found.push({ heartbeat: words[at]!, event: words[at + 1]! });
  return found;
}

/** The words by which a subscription is confirmed: servers find the subscriber's library in the event's name. */
export const confirmation = ({ device, member, event, version }: Wanted): readonly string[] => {
  const library = Math.min(LIBRARY, version);
  return [device, member || "dummy", library >= 5 ? `idl${library}_${event}` : event];
};

/** Says that these subscriptions are still wanted: servers forget them after 600 s. */
export async function confirm(admin: DeviceRoute, all: readonly Wanted[], limits: CallOptions): Promise<void> {
  try {
    const words = all.flatMap(confirmation);
    await adminCall(admin, "EventConfirmSubscription", DevVarStringArray.code, words, limits);
  } catch (error) {
    if (!(error instanceof DevFailed) || !error.is("API_CommandNotFound")) throw error;
    // Servers before Tango 8.1 take them one by one.
    for (const each of all) await register(admin, each, { prefix: "", suffix: "" }, limits);
  }
}
