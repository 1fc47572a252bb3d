// SPDX-License-Identifier: MIT
// Subscriptions to events: what clients ask the admin device before they listen.
import { DevFailed, devFailed } from "../../errors.ts";
import { type EventName, type EventWeight, parseEvent } from "../../events/index.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";
import type { ServedCall } from "../call.ts";
import type { ServedDevice } from "../device/device.ts";
import { hasCriteria } from "../events/detection.ts";
import type { Topic } from "../events/supplier.ts";
import { weightOf } from "../events/weight.ts";
import { ForwardedAttribute } from "../forwarded/attribute.ts";
import { pipeNotFound } from "../operations/configs.ts";
import { IDL_VERSION } from "../operations/information.ts";
import { attributeNotFound } from "../operations/read.ts";
import type { Call } from "../types.ts";
import { deviceOf } from "./found.ts";
import type { AdminHost } from "./host.ts";

/** What this server says it is: the Tango release whose behaviour it has. */
const TANGO_RELEASE = 1033;
const ZMQ_RELEASE = 435;
const SUBSCRIBER_HWM = 1000;
const MULTICAST = { rate: 81_920, ivl: 20_000 };
const ORIGIN = "DServer::event_subscription";

interface Wanted extends Omit<Topic, "device"> {
  readonly device: ServedDevice;
  readonly library: number;
}

function wanted(device: ServedDevice, member: string, eventText: string, library: number | undefined): Wanted {
  const parsed = parseEvent(eventText);
  if (!parsed.event) {
    const problem = `The event type you sent (${eventText}) is not  valid event type`;
    throw devFailed("API_WrongNumberOfArgs", problem, ORIGIN);
  }
  const lib = Math.min(library || parsed.library || (parsed.event === "attr_conf" ? 3 : 4), IDL_VERSION);
  const common = { device, event: parsed.event, library: lib };
  if (parsed.event === "intr_change") return { ...common, member: "", weight: "light" };
  if (parsed.event === "pipe") {
    const pipe = device.pipes.get(member.toLowerCase());
    if (!pipe) throw pipeNotFound(member);
    return { ...common, member: pipe.key, weight: "heavy" };
  }
  const attribute = device.attribute(member);
  if (!attribute) throw attributeNotFound(member);
  if (attribute instanceof ForwardedAttribute) checkForwarded(attribute, lib);
  else checkSendable(device, attribute, parsed.event, lib);
  return { ...common, member: attribute.key, weight: weightOf(attribute, parsed.event) };
}

/** Whether there are events is the root's to say. */
function checkForwarded({ name }: ForwardedAttribute, library: number): void {
  if (library >= 5) return;
  const problem = `Attribute ${name} is a forwarded attribute: clients older than Tango 9 cannot subscribe to its events`;
  throw devFailed("API_NotSupportedFeature", problem, ORIGIN);
}

/** @throws DevFailed when no such event would ever be sent. */
function checkSendable(device: ServedDevice, attribute: ServedAttribute, event: EventName, library: number): void {
  const { options } = attribute.definition;
  if (event === "user_event" || event === "attr_conf") return;
  if (event === "data_ready") {
    if (options.dataReadyEvent) return;
    const problem = `The attribute ${attribute.name} is not data ready event enabled`;
    throw devFailed("API_AttributeNotDataReadyEnabled", problem, ORIGIN);
  }
  if (event === "alarm" && library < 6) {
    const problem = `Client library version ${library} is too old to subscribe to alarm. A client library version of at least 6 is required`;
    throw devFailed("API_ClientTooOld", problem, ORIGIN);
  }
  const source = sourceOf(attribute, event);
  if (source === "polled" && !isPolled(device, attribute)) {
    const problem = `The polling (necessary to send events) for the attribute ${attribute.name} is not started`;
    throw devFailed("API_AttributePollingNotStarted", problem, ORIGIN);
  }
  if (source !== "pushed") checkCriteria(attribute, event);
}

const isPolled = (device: ServedDevice, { key, name }: ServedAttribute) =>
  device.polling.find("attribute", name) !== undefined ||
  ((key === "state" || key === "status") && device.polling.find("command", key) !== undefined);

function sourceOf({ definition: { options } }: ServedAttribute, event: EventName) {
  const sources = options.events ?? {};
  if (event === "alarm")
    return sources.alarm ?? (sources.change === "checked" ? "pushed" : (sources.change ?? "polled"));
  return event === "change" || event === "archive" ? (sources[event] ?? "polled") : "polled";
}

function checkCriteria({ name, settings, type }: ServedAttribute, event: EventName): void {
  const { change, archive } = settings.criteria;
  if (event === "change" && !hasCriteria(change, type.kind)) {
    const problem = `Event properties (abs_change or rel_change) for attribute ${name} are not set`;
    throw devFailed("API_EventPropertiesNotSet", problem, ORIGIN);
  }
  if (event === "archive" && archive.period === undefined && !hasCriteria(archive, type.kind)) {
    const problem = `Archive event properties (archive_abs_change or archive_rel_change or archive_period) for attribute ${name} are not set`;
    throw devFailed("API_EventPropertiesNotSet", problem, ORIGIN);
  }
}

const clientOf = (call: Call): string | undefined => {
  const { identity } = call as ServedCall;
  if (!identity) return undefined;
  const { client, host } = identity;
  return client.kind === "cpp" ? `${host} ${client.pid}` : `${host} ${client.uuid.join()}`;
};

function endpoints({ events: { publisher } }: AdminHost, weight: EventWeight): readonly string[] {
  const events = publisher.eventEndpoints(weight);
  return publisher.heartbeatEndpoints.flatMap((heartbeat, index) => [heartbeat, events[index] ?? ""]);
}

/** From now on its events are sent. @returns the topic. */
async function subscribeTo(host: AdminHost, one: Wanted, client?: string): Promise<string> {
  const { device, member, event } = one;
  await device.forwarding.relay(member, event);
  return host.events.subscribe({ ...one, device: device.key }, one.library, client);
}

async function subscribe(host: AdminHost, words: readonly string[], call: Call) {
  const [deviceName = "", member = "", , eventText = "", libraryText] = words;
  const device = deviceOf(host, deviceName, ORIGIN);
  // Clients of Tango 8, which say nothing of their age, get the structures of their time whatever they call the event.
  const isUnsaid = libraryText === undefined;
  const library = isUnsaid ? (/attr_conf$/i.test(eventText) ? 3 : 4) : Number(libraryText);
  const one = wanted(device, member, eventText, library);
  const topic = await subscribeTo(host, one, clientOf(call));
  host.events.publisher.expect(one.weight, topic);
  const isOfDevice = one.event === "intr_change" || one.event === "pipe";
  return {
    lvalue: Int32Array.of(
      TANGO_RELEASE,
      IDL_VERSION,
      SUBSCRIBER_HWM,
      isOfDevice ? 0 : MULTICAST.rate,
      isOfDevice ? 0 : MULTICAST.ivl,
      ZMQ_RELEASE,
    ),
    svalue: [...endpoints(host, one.weight), topic, host.events.channelName],
  };
}

/** The endpoints, for people and tools. */
function information(host: AdminHost) {
  const [heartbeat = "", event = "", ...others] = endpoints(host, "light");
  const alternates = others.map(
    (endpoint, index) => `Alternate ${index % 2 === 0 ? "heartbeat" : "event"}: ${endpoint}`,
  );
  return {
    lvalue: Int32Array.of(TANGO_RELEASE),
    svalue: [`Heartbeat: ${heartbeat}`, `Event: ${event}`, ...alternates],
  };
}

export const eventCommands = (host: AdminHost) => ({
  ZmqEventSubscriptionChange: async (words: readonly string[], call: Call) => {
    if (words.length === 1 && words[0]?.toLowerCase() === "info") return information(host);
    if (words.length < 4) {
      const problem =
        words.length < 2
          ? "Not enough input arguments, needs 4 i.e. device name, attribute/pipe name, action, event name"
          : "Not enough input arguments, needs at least 4 i.e. device name, attribute/pipe name, action, event name, <Tango lib release>";
      throw devFailed("API_WrongNumberOfArgs", problem, "DServer::zmq_event_subscription_change");
    }
    return subscribe(host, words, call);
  },
  /** Triples of device, member and event: what was subscribed stays so. */
  EventConfirmSubscription: async (words: readonly string[]) => {
    if (words.length === 0 || words.length % 3 !== 0) {
      const problem =
        "Wrong number of input arguments: 3 needed per event: device name, attribute/pipe name and event name";
      throw devFailed("API_WrongNumberOfArgs", problem, "DServer::event_confirm_subscription");
    }
    for (let at = 0; at < words.length; at += 3) {
      const [deviceName = "", member = "", eventText = ""] = words.slice(at, at + 3);
      const device = deviceOf(host, deviceName, "DServer::event_confirm_subscription");
      await subscribeTo(host, wanted(device, member, eventText, undefined));
    }
  },
  EventSubscriptionChange: (): number => {
    const problem = "Events over the CORBA notification service ended with Tango 7: subscribe with a newer client";
    throw new DevFailed(devFailed("API_UnsupportedFeature", problem, ORIGIN).errors);
  },
  QueryEventSystem: () => JSON.stringify(host.events.report()),
  EnableEventSystemPerfMon: (on: boolean) => host.events.measure(on),
});
