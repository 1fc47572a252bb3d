// SPDX-License-Identifier: MIT
// What one channel of an emulated FalconX does: it counts simulated photons by its clock, a number of them, or the gate.

import type { Fill, PointSource, Preset } from "../simulator/point-source.ts";
import { type Counted, sumOf } from "../statistics.ts";
import type { ParameterValue } from "./module.ts";
import type { Histogram } from "./sinc/histogram.ts";
import { histogramTriggers } from "./sinc/message-table.ts";

/** What the channel has to tell. */
export interface Teller {
  histogram(channel: number, histogram: Histogram): void;
  state(channel: number, state: string): void;
}

/** As a box has them when it was switched on; a value of the same type takes their place. */
export const defaultParameters: Readonly<Record<string, ParameterValue>> = {
  "afe.dacGain": 1000,
  "afe.dacOffset": 2048,
  "afe.invert": false,
  "afe.termination": "1kohm",
  "afe.attn": "0dB",
  "afe.coupling": "dc",
  "afe.decayTime": "short",
  "baseline.dcOffset": 0,
  "blanking.enable": true,
  "blanking.threshold": -0.05,
  "blanking.preSamples": 50n,
  "blanking.postSamples": 50n,
  "pulse.calibrated": true,
  "pulse.detectionThreshold": 0.01,
  "pulse.minPulsePairSeparation": 25n,
  "pulse.sourceType": "midRate",
  "pulse.scaleFactor": 1,
  "histogram.coarseBinScaling": 2n,
  "histogram.mode": "continuous",
  "histogram.refreshRate": 0.1,
  "histogram.fixedTime.duration": 1,
  "histogram.fixedInputCount.count": 1000n,
  "histogram.fixedOutputCount.count": 1000n,
  "histogram.binSubRegion.lowIndex": 0n,
  "histogram.binSubRegion.highIndex": 4095n,
  "histogram.spectrumSelect.accepted": true,
  "histogram.spectrumSelect.rejected": false,
  "gate.statsCollectionMode": "off",
  "gate.veto": "off",
};

/** Words an option can be; the others are not checked. */
export const options: Readonly<Record<string, readonly string[]>> = {
  "histogram.mode": ["continuous", "fixedTime", "fixedInputCount", "fixedOutputCount", "movingAverage", "gated"],
  "gate.statsCollectionMode": ["off", "always", "whenHigh", "whenLow", "risingEdge", "fallingEdge"],
  "gate.veto": ["off", "whenHigh", "whenLow"],
  "pulse.sourceType": ["lowEnergy", "lowRate", "midRate", "highRate", "maxThroughput"],
};

const presets: Readonly<Record<string, readonly [Preset["kind"], string]>> = {
  fixedTime: ["REAL", "histogram.fixedTime.duration"],
  fixedInputCount: ["TRIGGERS", "histogram.fixedInputCount.count"],
  fixedOutputCount: ["EVENTS", "histogram.fixedOutputCount.count"],
};

export class EmulatedChannel {
  readonly parameters = new Map(Object.entries(defaultParameters));
  state = "ready";
  /** Histograms since it was switched on. */
  sent = 0n;
  readonly #number: number;
  readonly #photons: PointSource;
  readonly #tell: Teller;
  #fill: Fill = () => ({ realtime: 0, triggerLivetime: 0, triggers: 0, events: 0 });
  #spectrum = new Uint32Array();
  #counted: Counted = { realtime: 0, triggerLivetime: 0, triggers: 0, events: 0 };
  #began = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(number: number, photons: PointSource, tell: Teller) {
    this.#number = number;
    this.#photons = photons;
    this.#tell = tell;
  }

  start(): void {
    if (this.state !== "ready") return;
    const mode = String(this.parameters.get("histogram.mode"));
    const [kind, key] = presets[mode] ?? [];
    const preset = kind && key ? { kind, value: Number(this.parameters.get(key)) } : undefined;
    this.#fill = this.#photons.begin(this.#size, preset);
    this.#clear();
    this.#become("histo");
    const refresh = Number(this.parameters.get("histogram.refreshRate")) * 1000;
    // What grows towards a number of photons is not shown before it is there.
    const grows = mode === "continuous" || mode === "fixedTime";
    if (grows && refresh > 0) this.#timers.push(setInterval(() => this.#grow(histogramTriggers.refresh), refresh));
    if (preset) this.#timers.push(setTimeout(() => this.#finish(), this.#photons.lasting(preset) * 1000));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    if (this.state !== "ready") this.#become("ready");
  }

  /** The external signal changed its level: in gated mode that may end a point, or begin one. */
  gate(high: boolean): void {
    if (this.state !== "histo" || this.parameters.get("histogram.mode") !== "gated") return;
    const mode = this.parameters.get("gate.statsCollectionMode");
    if (mode === (high ? "risingEdge" : "fallingEdge")) this.#send(histogramTriggers.gate);
    if (mode === (high ? "whenLow" : "whenHigh")) this.#send(histogramTriggers.gate);
    if (mode === (high ? "whenHigh" : "whenLow")) this.#clear();
  }

  get #size(): number {
    return (
      Number(this.parameters.get("histogram.binSubRegion.highIndex")) -
      Number(this.parameters.get("histogram.binSubRegion.lowIndex")) +
      1
    );
  }
  #become(state: string): void {
    this.state = state;
    this.#tell.state(this.#number, state);
  }
  #clear(): void {
    this.#spectrum = new Uint32Array(this.#size);
    this.#counted = { realtime: 0, triggerLivetime: 0, triggers: 0, events: 0 };
    this.#began = performance.now();
  }

  /** What came since the last time is added to the spectrum. */
  #grow(trigger: number): void {
    const now = performance.now();
    const added = new Uint32Array(this.#size);
    const seconds = (now - this.#began) / 1000;
    this.#counted = sumOf(this.#counted, this.#fill(added, { detector: this.#number, point: 0, seconds }));
    for (const [at, count] of added.entries()) this.#spectrum[at] = (this.#spectrum[at] ?? 0) + count;
    this.#began = now;
    this.#give(trigger);
  }
  /** A whole point of its own. */
  #send(trigger: number): void {
    const seconds = (performance.now() - this.#began) / 1000;
    this.#clear();
    this.#counted = this.#fill(this.#spectrum, { detector: this.#number, point: 0, seconds });
    this.#give(trigger);
    this.#clear();
  }
  /** A preset is reached: what it fixes is exact. */
  #finish(): void {
    const [kind, key = ""] = presets[String(this.parameters.get("histogram.mode"))] ?? [];
    const value = Number(this.parameters.get(key));
    const seconds = kind ? this.#photons.lasting({ kind, value }) : 0;
    this.#clear();
    this.#counted = this.#fill(this.#spectrum, { detector: this.#number, point: 0, seconds });
    this.#give(histogramTriggers.complete);
    this.stop();
  }

  #give(trigger: number): void {
    const { realtime, triggerLivetime, triggers, events } = this.#counted;
    this.#tell.histogram(this.#number, {
      header: {
        dataSetId: ++this.sent,
        timeElapsed: realtime,
        pulsesAccepted: BigInt(events),
        pulsesRejected: BigInt(triggers - events),
        // A box without a signal says that its rate is not a number.
        inputCountRate: triggerLivetime > 0 && triggers > 0 ? triggers / triggerLivetime : Number.NaN,
        outputCountRate: realtime > 0 ? events / realtime : 0,
        channelId: this.#number,
        trigger,
      },
      accepted: this.#spectrum.slice(),
    });
  }
}
