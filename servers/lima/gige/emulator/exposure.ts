// SPDX-License-Identifier: MIT
// The emulated camera's acquisition: when it exposes, by its registers, its triggers and its clock.
import { edges } from "../../edges.ts";
import { sleepUntil } from "../../exposures.ts";
import { registers } from "../registers-table.ts";
import { addresses } from "./features-table.ts";
import type { CameraMemory } from "./memory.ts";
import { takePicture } from "./picture.ts";
import type { Destination, Sender } from "./sender.ts";

/** Words of its registers. */
const mode = { continuous: 0, single: 1 } as const;
const on = 1;
const software = 0;
const triggerWidth = 1;
/** Triggers in the order of TriggerSelector, 0x20 bytes apart. */
const bank = { frameStart: 0, acquisitionStart: 0x20 } as const;
type Bank = (typeof bank)[keyof typeof bank];

/** Microseconds in a count of the exposure register. */
const exposureUnit = 0.1;

export class Exposure {
  readonly #memory: CameraMemory;
  readonly #sender: Sender;
  readonly #extended: boolean;
  readonly #software = edges();
  readonly #rising = edges();
  readonly #falling = edges();
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #block = 0n;
  /** Images made since it was switched on. */
  frames = 0;
  /** Whether the next thing that happens is a trigger. */
  waiting = false;

  constructor(memory: CameraMemory, sender: Sender, extended: boolean) {
    this.#memory = memory;
    this.#sender = sender;
    this.#extended = extended;
  }

  get active(): boolean {
    return this.#running !== undefined;
  }

  start(): void {
    if (this.#running) return;
    for (const each of [this.#software, this.#rising, this.#falling]) each.clear();
    const abort = new AbortController();
    const ended = this.#acquire(abort.signal).finally(() => {
      if (this.#running?.abort === abort) this.#running = undefined;
    });
    this.#running = { abort, ended };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.abort.abort();
    await running?.ended;
  }

  softwareTrigger(): void {
    if (this.#running) this.#software.fire();
  }

  /** Input Line1 rises and falls. */
  line(level: boolean): void {
    if (this.#running) (level ? this.#rising : this.#falling).fire();
  }

  /** A new stream channel counts from 1. */
  restartBlocks(): void {
    this.#block = 0n;
    this.#sender.forgetAll();
  }

  async #acquire(signal: AbortSignal): Promise<void> {
    const { acquisitionMode, frameCount } = addresses;
    const how = this.#memory.get(acquisitionMode);
    const count =
      { [mode.continuous]: Number.POSITIVE_INFINITY, [mode.single]: 1 }[how] ?? this.#memory.get(frameCount);
    let due = performance.now();
    for (let frame = 0; frame < count && !signal.aborted; frame++) {
      if (frame === 0 && !(await this.#trigger(bank.acquisitionStart, signal))) return;
      if (!(await this.#trigger(bank.frameStart, signal))) return;
      const triggered = this.#isOn(bank.frameStart);
      if (triggered || frame === 0) due = performance.now();
      if (!(await sleepUntil(due, signal))) return;
      const begun = process.hrtime.bigint();
      const gated = triggered && this.#memory.get(addresses.exposureMode) === triggerWidth;
      const exposed = gated ? this.#falling.next(signal) : sleepUntil(due + this.#exposure, signal);
      if (!(await exposed)) return;
      await this.#readOut(begun, frame);
      due += Math.max(this.#exposure, this.#period);
    }
  }

  #isOn(which: Bank): boolean {
    return this.#memory.get(addresses.triggerMode + which) === on;
  }

  /** True with the trigger, or at once when that trigger is off; false when stopped. */
  async #trigger(which: Bank, signal: AbortSignal): Promise<boolean> {
    if (!this.#isOn(which)) return !signal.aborted;
    const from = this.#memory.get(addresses.triggerSource + which);
    this.waiting = true;
    const came = await (from === software ? this.#software : this.#rising).next(signal);
    this.waiting = false;
    return came;
  }

  /** Milliseconds. */
  get #exposure(): number {
    return (this.#memory.get(addresses.exposure) * exposureUnit) / 1000;
  }
  get #period(): number {
    return this.#memory.get(addresses.frameRateEnable) === on ? 1000 / this.#memory.float(addresses.frameRate) : 0;
  }

  async #readOut(timestamp: bigint, frame: number): Promise<void> {
    const memory = this.#memory;
    const view = {
      width: memory.get(addresses.width),
      height: memory.get(addresses.height),
      offsetX: memory.get(addresses.offsetX),
      offsetY: memory.get(addresses.offsetY),
      pixelFormat: memory.get(addresses.pixelFormat),
    };
    const data = takePicture(view, memory.get(addresses.testImage) === on ? 0 : frame);
    this.#block = !this.#extended && this.#block === 0xffffn ? 1n : this.#block + 1n;
    this.frames++;
    await this.#sender.send({ block: this.#block, view, timestamp, data }, destinationIn(memory));
  }
}

export function destinationIn(memory: CameraMemory): Destination {
  const address = memory.get(registers.streamDestination);
  return {
    address: [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join("."),
    port: memory.get(registers.streamPort) & 0xffff,
    packetSize: memory.get(registers.packetSize) & 0xffff,
  };
}
