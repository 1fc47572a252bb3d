// SPDX-License-Identifier: MIT
// Plain functions around a scan: open a shutter, wait for a refill, put a filter in. What was prepared is stopped,
// whatever happened in between.
import type { ColumnValue } from "./column.ts";
import { ScanArgumentError } from "./errors.ts";
import type { Recorder } from "./recorder.ts";

export type Awaitable<T> = T | Promise<T>;
/** What a preset is told of the scan. */
export interface PresetScan {
  readonly title: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** Around the whole scan. */
export interface Preset {
  prepare?(scan: PresetScan): Awaitable<void>;
  start?(scan: PresetScan): Awaitable<void>;
  stop?(scan: PresetScan): Awaitable<void>;
  /** Called with each value of these channels (by fullname or name) as it comes; throwing ends the scan. */
  readonly data?: {
    readonly channels: readonly string[];
    received(channel: string, value: ColumnValue, point: number): void;
  };
}

/** Around the acquisition chain, and around each point. */
export interface ChainPreset {
  prepare?(scan: PresetScan): Awaitable<void>;
  start?(scan: PresetScan): Awaitable<void>;
  /** Before the devices are stopped. */
  beforeStop?(scan: PresetScan): Awaitable<void>;
  stop?(scan: PresetScan): Awaitable<void>;
  readonly iteration?: IterationPreset;
}
export interface IterationPreset {
  prepare?(point: number): Awaitable<void>;
  start?(point: number): Awaitable<void>;
  stop?(point: number): Awaitable<void>;
}

type Phase = "prepare" | "start" | "beforeStop" | "stop";

/** Calls the presets of one scan in their order, and remembers which of them must be stopped. */
export class Presets {
  readonly #scan: readonly Preset[];
  readonly #chain: readonly ChainPreset[];
  readonly #begun = new Set<Preset | ChainPreset>();
  #point = -1;
  readonly #iterations: readonly IterationPreset[];

  constructor(scan: readonly Preset[] = [], chain: readonly ChainPreset[] = []) {
    this.#scan = scan;
    this.#chain = chain;
    this.#iterations = chain.flatMap(({ iteration }) => iteration ?? []);
  }
  get perPoint(): boolean {
    return this.#iterations.length > 0;
  }

  /** Hands values to presets that want them. */
  listen(recorder: Recorder): void {
    for (const { data } of this.#scan) {
      if (!data) continue;
      const wanted = data.channels.map((name) => {
        const index = recorder.channels.findIndex((channel) => channel.fullname === name || channel.name === name);
        if (index < 0)
          throw new ScanArgumentError(`a preset wants data of ${name}, which is not a channel of the scan`);
        return { name: recorder.channels[index]!.fullname, index, next: 0 };
      });
      recorder.derive.push(() => {
        for (const one of wanted)
          for (const column = recorder.columns[one.index]!; one.next < column.count; one.next++)
            data.received(one.name, column.at(one.next), one.next);
      });
    }
  }

  async prepare(scan: PresetScan): Promise<void> {
    for (const preset of [...this.#scan, ...this.#chain]) {
      this.#begun.add(preset);
      await preset.prepare?.(scan);
    }
    if (this.perPoint) await this.preparePoint(0);
  }
  async start(scan: PresetScan): Promise<void> {
    for (const preset of [...this.#scan, ...this.#chain]) await preset.start?.(scan);
  }

  async preparePoint(point: number): Promise<void> {
    this.#point = point;
    for (const preset of this.#iterations) await preset.prepare?.(point);
  }
  async startPoint(point: number): Promise<void> {
    for (const preset of this.#iterations) await preset.start?.(point);
  }
  async stopPoint(): Promise<void> {
    const point = this.#point;
    if (point < 0) return;
    this.#point = -1;
    for (const preset of this.#iterations) await preset.stop?.(point);
  }

  /** All are called, whatever some of them throw; the first failure is thrown at the end. */
  async beforeStop(scan: PresetScan): Promise<void> {
    await inTurn(this.#chain.map((preset) => () => this.#call(preset, "beforeStop", scan)));
  }
  async stop(scan: PresetScan): Promise<void> {
    const chain = this.#chain.map((preset) => () => this.#call(preset, "stop", scan));
    const whole = this.#scan.map((preset) => () => this.#call(preset, "stop", scan));
    await inTurn([...chain, () => this.stopPoint(), ...whole]);
  }
  async #call(preset: Preset & ChainPreset, phase: Phase, scan: PresetScan): Promise<void> {
    if (this.#begun.has(preset)) await preset[phase]?.(scan);
  }
}

async function inTurn(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
