// SPDX-License-Identifier: MIT
// One subscription: made, watched, made again after the server was gone, until nobody wants it any more.
import { MarshalError } from "../../cdr/index.ts";
import { DevFailed, devFailed } from "../../errors.ts";
import type { EventLayout, Frames } from "../../events/index.ts";
import { eventData, MessageCounter, readEventMessage } from "../../events/index.ts";
import { DevErrorList } from "../../idl/index.ts";
import { deeds } from "../failures.ts";
import type { Attached, EventHub, EventTarget } from "./hub.ts";
import type { EventHead, EventKind } from "./kinds-table.ts";
import { eventKinds } from "./kinds-table.ts";
import type { EventStream, StreamOptions } from "./stream.ts";
import { EventQueue } from "./stream.ts";

export interface EventOptions extends StreamOptions {
  /** True: a subscription that fails is tried again until it succeeds, each failure an event with `error`. */
  readonly stateless?: boolean | undefined;
  /** Ends the subscription. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for each call to the server. */
  readonly timeout?: number | undefined;
}

/** Milliseconds between attempts to subscribe again: doubled each time, up to the last. */
const RETRY = { first: 250, last: 4000 };
/**
 * The state of things is asked for when the publisher knows of the subscription, so that nothing that happens in between is
 * lost. So many milliseconds after it has said so it goes by it: it looks at new subscriptions once a millisecond.
 */
const KNOWN = 5;
/**
 * Old publishers never say so: they are given so many milliseconds. While the server is slow to answer (`SLOW` milliseconds)
 * its publisher is, too, and is given more time.
 */
const SETTLING = 25;
const SLOW = 5;
const PATIENCE = 5;
/** Milliseconds between events that only say that a server is still away. */
const REMINDER = 10_000;

/** Subscribes at once; the events are those from then on, after one that says how things are. */
export function subscribe<E extends EventHead>(
  hub: EventHub,
  target: EventTarget,
  options: EventOptions,
): EventStream<E> {
  const stop = new AbortController();
  const signal = AbortSignal.any([hub.signal, stop.signal, ...(options.signal ? [options.signal] : [])]);
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  let work = Promise.resolve();
  const end = () => {
    stop.abort();
    return work;
  };
  const queue = new EventQueue<E>(ready.promise, end, options);
  const subscription = new Subscription(hub, target, (event) => queue.push(event as E), ready.resolve);
  const finish = async () => {
    try {
      await subscription.keep(signal, options.stateless ?? false);
      queue.close();
      ready.reject(signal.reason);
    } catch (error) {
      queue.fail(error);
      ready.reject(error);
    }
  };
  work = finish();
  return queue;
}

class Subscription {
  readonly #hub: EventHub;
  readonly #target: EventTarget;
  readonly #kind: EventKind;
  readonly #deliver: (event: EventHead) => void;
  readonly #markReady: () => void;
  #remindedAt = Number.NEGATIVE_INFINITY;

  constructor(hub: EventHub, target: EventTarget, deliver: (event: EventHead) => void, markReady: () => void) {
    this.#hub = hub;
    this.#target = target;
    this.#kind = eventKinds[target.event];
    this.#deliver = deliver;
    this.#markReady = markReady;
  }

  /** Until `signal`. @throws DevFailed when the first attempt fails, unless `stateless`. */
  async keep(signal: AbortSignal, stateless: boolean): Promise<void> {
    let isTolerant = stateless;
    let pause = RETRY.first;
    while (!signal.aborted) {
      try {
        const lost = await this.#once(signal);
        if (!lost) return;
        isTolerant = true;
        pause = RETRY.first;
        this.#target.route.reset();
        this.#remindedAt = performance.now();
        this.#error(lost);
      } catch (error) {
        if (signal.aborted) return;
        if (!isTolerant || !(error instanceof DevFailed)) throw error;
        if (performance.now() - this.#remindedAt >= REMINDER) {
          this.#remindedAt = performance.now();
          this.#error(error);
        }
        await elapsed(pause, signal);
        pause = Math.min(pause * 2, RETRY.last);
      }
    }
  }

  /** One life of the subscription; gives the reason why it was lost, undefined when `signal` ended it. */
  async #once(signal: AbortSignal): Promise<DevFailed | undefined> {
    const counter = new MessageCounter();
    // What comes before the state of things is known comes after it.
    let early: Frames[] | undefined = [];
    let layout: EventLayout = 5;
    const attached = await this.#hub.attach(this.#target, signal, (frames) => {
      if (early) early.push(frames);
      else this.#message(frames, layout, counter);
    });
    using _attached = attached;
    layout = attached.layout;
    await settled(attached, signal);
    if (signal.aborted) return undefined;
    await this.#initial(signal);
    for (const frames of early) this.#message(frames, layout, counter);
    early = undefined;
    this.#markReady();
    return await Promise.race([attached.lost, aborted(signal)]);
  }

  async #initial(signal: AbortSignal): Promise<void> {
    const { initial } = this.#kind;
    const { route, member, timeout } = this.#target;
    if (!initial) return;
    try {
      const limits = { timeout, signal };
      const content = await route.run(deeds.read(member), limits, (live) => initial(live, member, limits));
      this.#deliver({ ...this.#head(undefined), ...content, name: member });
    } catch (error) {
      if (!(error instanceof DevFailed)) throw error;
      this.#error(error);
    }
  }

  #message(frames: Frames, layout: EventLayout, counter: MessageCounter): void {
    try {
      const message = readEventMessage(frames);
      const succession = counter.next(message.counter);
      if (succession === "repeated") return;
      if (succession !== "next") this.#error(missed(succession.missed));
      if (message.isError) this.#error(new DevFailed(eventData(DevErrorList, message)));
      else this.#deliver(this.#kind.read(message, layout, this.#head(undefined)));
    } catch (error) {
      if (!(error instanceof MarshalError)) throw error;
      const problem = `An event of ${this.#target.route.name}/${this.#target.member} cannot be read: ${error.message}`;
      this.#error(devFailed("API_CorbaException", problem, "ZmqEventConsumer::push_zmq_event()"));
    }
  }

  #error(error: DevFailed): void {
    this.#deliver({ ...this.#kind.empty, ...this.#head(error) });
  }

  #head(error: DevFailed | undefined): EventHead {
    const { event, route, member } = this.#target;
    return { event, device: route.name, name: member, received: Date.now(), error };
  }
}

async function settled({ settled, answers }: Attached, signal: AbortSignal): Promise<void> {
  if (await settled(signal)) return await elapsed(KNOWN, signal);
  let pause = SETTLING;
  for (let turn = 0; turn < PATIENCE && !signal.aborted; turn++) {
    await elapsed(pause, signal);
    const took = await answers();
    if (took < SLOW) return;
    pause = 4 * took;
  }
}

const missed = (count: number): DevFailed =>
  devFailed(
    "API_MissedEvents",
    `Missed ${count} events! Zmq queue has reached HWM?`,
    "ZmqEventConsumer::push_zmq_event()",
  );

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}

function elapsed(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
  });
}
