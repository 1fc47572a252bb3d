// SPDX-License-Identifier: MIT
// One kind of event of one attribute, pipe or device: who wants it, and what was sent last.
import { Buffer } from "node:buffer";
import { type EventLayout, type EventName, type EventWeight, topicEvent } from "../../events/index.ts";
import type { Sample } from "../attribute/sample.ts";

/** A subscription that is not renewed for so many milliseconds has ended: clients never say goodbye. */
export const VALIDITY = 600_000;

export class EventChannel {
  readonly event: EventName;
  readonly weight: EventWeight;
  /** The topic without its event: `tango://host:port/device/attribute`. */
  readonly #place: string;
  readonly #suffix: string;
  readonly #wanted = new Map<EventLayout, { renewed: number; readonly topic: Uint8Array }>();
  /** Goes with the next message. */
  counter = 1;
  /** A new client may still be connecting: the next message goes twice. */
  isDoubled = false;
  /** What change detection compares with. */
  previous: Sample | undefined;
  /** When the last event went: steady milliseconds. */
  sentAt = Number.NEGATIVE_INFINITY;

  constructor(event: EventName, weight: EventWeight, place: string, suffix: string) {
    this.event = event;
    this.weight = weight;
    this.#place = place;
    this.#suffix = suffix;
  }

  topic(layout: EventLayout): string {
    return `${this.#place}${this.#suffix}.${topicEvent(this.event, layout)}`;
  }

  renew(layout: EventLayout, now: number): void {
    const found = this.#wanted.get(layout);
    if (found) found.renewed = now;
    else this.#wanted.set(layout, { renewed: now, topic: Buffer.from(this.topic(layout), "latin1") });
  }

  isWanted(now: number): boolean {
    if (this.#wanted.size === 0) return false;
    for (const [layout, { renewed }] of this.#wanted) {
      if (now - renewed > VALIDITY) this.#wanted.delete(layout);
    }
    return this.#wanted.size > 0;
  }

  /** The structures to send, with their topics. */
  get wanted(): Iterable<[EventLayout, { readonly topic: Uint8Array }]> {
    return this.#wanted;
  }

  /** The topic without what tells the structure of its events. */
  get name(): string {
    return `${this.#place}${this.#suffix}.${this.event}`;
  }

  /** Detection begins anew: the next value is sent whatever it is. */
  forget(): void {
    this.previous = undefined;
    this.sentAt = Number.NEGATIVE_INFINITY;
  }
}
