// SPDX-License-Identifier: MIT
// Reads what is polled, each device and period on a schedule of its own: a slow device delays nobody else.
import type { Any } from "../../cdr/index.ts";
import { toAny } from "../../idl/index.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";
import { keptSample, type Sample } from "../attribute/sample.ts";
import { ownCall } from "../call.ts";
import type { ServedDevice } from "../device/device.ts";
import { devErrors } from "../failure.ts";
import { commandOf } from "../operations/commands.ts";
import { readDevice } from "../operations/read.ts";
import type { PolledObject } from "./polled.ts";

const NOTHING: Any = toAny(0, undefined);
/** Milliseconds between the first polls of one loop and the next at start, so that they do not all come at once. */
const STAGGER = 2;

export interface PollerOptions {
  /** A fresh sample of a polled attribute: for its events. */
  readonly onSample: (device: ServedDevice, attribute: ServedAttribute, sample: Sample) => void;
}

export class Poller implements Disposable {
  readonly #options: PollerOptions;
  readonly #loops = new Map<ServedDevice, Map<number, PollLoop>>();
  #isOn = true;
  #started = 0;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Follows the device's list of polled objects: starts what is new, stops what is gone. */
  follow(device: ServedDevice): void {
    const loops = this.#loops.get(device) ?? new Map<number, PollLoop>();
    const periods = new Set(device.polling.objects.map(({ period }) => period).filter((period) => period > 0));
    for (const [period, loop] of loops) {
      if (periods.has(period)) continue;
      loop.stop();
      loops.delete(period);
    }
    for (const period of periods) {
      if (loops.has(period)) continue;
      const loop = new PollLoop(period, () => this.poll(device, (object) => object.period === period));
      loops.set(period, loop);
      if (this.#isOn) loop.start(Math.min(period, (this.#started++ % 50) * STAGGER));
    }
    if (loops.size > 0) this.#loops.set(device, loops);
    else this.#loops.delete(device);
  }

  /** The device is gone. */
  forget(device: ServedDevice): void {
    for (const loop of this.#loops.get(device)?.values() ?? []) loop.stop();
    this.#loops.delete(device);
  }

  turn(on: boolean): void {
    if (on === this.#isOn) return;
    this.#isOn = on;
    for (const loops of this.#loops.values()) for (const loop of loops.values()) on ? loop.start(0) : loop.stop();
  }

  /** Reads the device's objects that `wanted` chooses, now. */
  async poll(device: ServedDevice, wanted: (object: PolledObject) => boolean): Promise<void> {
    const objects = device.polling.objects.filter(wanted);
    const start = performance.now();
    await this.#readings(
      device,
      objects.filter((object) => object.isReading),
      start,
    );
    for (const object of objects) if (!object.isReading) await execute(device, object);
  }

  async #readings(device: ServedDevice, objects: readonly PolledObject[], start: number): Promise<void> {
    const found = objects.flatMap((object) => {
      const attribute = device.attribute(object.name);
      return attribute ? [{ object, attribute }] : [];
    });
    if (found.length === 0) return;
    const attributes = found.map(({ attribute }) => attribute);
    let samples: readonly Sample[];
    try {
      samples = await device.turns.run(() => readDevice(device, attributes, ownCall(device.signal)));
    } catch (error) {
      samples = attributes.map((attribute) => attribute.failed(error));
    }
    const duration = performance.now() - start;
    for (const [index, { object, attribute }] of found.entries()) {
      const sample = keptSample(samples[index] as Sample);
      object.duration = duration;
      object.add({ at: start, time: sample.time, sample });
      this.#options.onSample(device, attribute, sample);
    }
  }

  [Symbol.dispose](): void {
    for (const loops of this.#loops.values()) for (const loop of loops.values()) loop.stop();
    this.#loops.clear();
  }
}

async function execute(device: ServedDevice, object: PolledObject): Promise<void> {
  const start = performance.now();
  const time = device.now();
  try {
    const command = commandOf(device, object.name);
    const result = await device.turns.run(() => command.execute(NOTHING, ownCall(device.signal)));
    object.add({ at: start, time, result });
  } catch (error) {
    object.add({ at: start, time, errors: devErrors(error, `${device.className}.${object.name}`) });
  }
  object.duration = performance.now() - start;
}

/** Runs an action at multiples of a period. One that takes longer than that is run again at once, never twice at a time. */
class PollLoop {
  readonly #period: number;
  readonly #action: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  /** Ends the loop that was started last. */
  #round = 0;

  constructor(period: number, action: () => Promise<void>) {
    this.#period = period;
    this.#action = action;
  }

  start(delay: number): void {
    const round = ++this.#round;
    clearTimeout(this.#timer);
    this.#wait(performance.now() + delay, round);
  }

  stop(): void {
    this.#round++;
    clearTimeout(this.#timer);
  }

  #wait(due: number, round: number): void {
    const run = () => void this.#run(due, round);
    this.#timer = setTimeout(run, Math.max(0, due - performance.now())).unref();
  }

  async #run(due: number, round: number): Promise<void> {
    await this.#action();
    if (round !== this.#round) return;
    const late = performance.now() - due;
    // Turns that are over already are left out.
    const skipped = Math.max(1, Math.floor(late / this.#period));
    this.#wait(due + skipped * this.#period, round);
  }
}
