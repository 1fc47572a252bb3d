// SPDX-License-Identifier: MIT
// The kinds of events: how each is called in commands and topics.

export const eventNames = [
  "change", "quality", "periodic", "archive", "user_event", "attr_conf", "data_ready", "intr_change", "pipe", "alarm",
] as const; // biome-ignore format: a list
export type EventName = (typeof eventNames)[number];

/** Those whose topic starts with `idl5_` for clients of IDL 5 and later, because older clients get another structure. */
const versioned: ReadonlySet<EventName> = new Set([
  "change",
  "quality",
  "periodic",
  "archive",
  "user_event",
  "attr_conf",
]);

/** Which structure a subscriber of a client library (IDL version) is sent. */
export type EventLayout = 3 | 4 | 5;

export const layoutFor = (event: EventName, library: number): EventLayout => {
  if (!versioned.has(event) || library >= 5) return 5;
  return event === "attr_conf" || library < 4 ? 3 : 4;
};

/** The event as it stands at the end of a topic. */
export const topicEvent = (event: EventName, layout: EventLayout): string =>
  versioned.has(event) && layout === 5 ? `idl5_${event}` : event;

/** What a subscriber asks for: any `idlN_` in front is a hint at its library. */
export function parseEvent(text: string): {
  readonly event: EventName | undefined;
  readonly library: number | undefined;
} {
  const [, digit, name = ""] = /^(?:idl(\d)_)?(.*)$/i.exec(text.toLowerCase()) ?? [];
  return {
    event: eventNames.find((candidate) => candidate === name),
    library: digit === undefined ? undefined : Number(digit),
  };
}
