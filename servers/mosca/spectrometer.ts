// SPDX-License-Identifier: MIT
// The spectrometer of one server process, behind its devices: parameters, ROIs, the acquisition and its states.
// A detector is attached while its device is open; without one every acquisition is refused.
import type { Status } from "../../devices/mosca/words.ts";
import type { SpectrumDetector } from "./detector.ts";
import { acquisitionMetadata } from "./metadata.ts";
import { acquisitionOf, firstParameters, type Parameters } from "./parameters.ts";
import { Recording } from "./recording.ts";
import { refusal } from "./refusal.ts";
import { type RoiDefinition, roiRows } from "./rois.ts";
import { Stages } from "./stages.ts";

export class Spectrometer {
  /** Names of its devices, as their device servers know them. */
  readonly names = { mosca: "", controller: "", saving: "" };
  /** mca_type of the main device, and what users call it. */
  model = "simfalconx";
  detectorName = "";
  /** What blocks pass through before they can be read. */
  readonly stages = new Stages();
  /** Points in closed files; set by what saves them. */
  savedPoints: () => number = () => 0;
  /** What the metadata keeps of the saving; set by what saves. */
  savingMetadata: () => Readonly<Record<string, unknown>> = () => ({ mode: "off", enabled: false });
  readonly startEpoch = Math.floor(Date.now() / 1000);
  readonly #listeners = new Set<(status: Status, text: string) => void>();
  #detector: SpectrumDetector | undefined;
  #parameters = firstParameters(undefined);
  #enabled: readonly number[] = [];
  #rois: readonly RoiDefinition[] = [];
  #recording: Recording | undefined;
  #prepared = false;
  #run: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  #busy = false;
  #fault = "";

  // ---- the hardware ----

  /** Uses `detector` until the result is disposed; parameters are set back to its first mode. */
  attach(detector: SpectrumDetector): AsyncDisposable {
    this.#detector = detector;
    this.reset();
    return {
      [Symbol.asyncDispose]: async () => {
        if (this.#detector !== detector) return;
        await this.stop();
        this.#detector = undefined;
        this.#prepared = false;
        this.#announce();
      },
    };
  }

  /** After the detector was configured anew: first mode, all detectors enabled, no acquisition. */
  reset(): void {
    this.#parameters = firstParameters(this.#detector);
    this.#enabled = this.#detector?.initiallyEnabled ?? this.#detector?.detectors ?? [];
    this.#prepared = false;
    this.#fault = "";
    this.#announce();
  }

  get detector(): SpectrumDetector | undefined {
    return this.#detector;
  }
  get status(): Status {
    if (this.#run) return "RUNNING";
    if (this.#fault) return "FAULT";
    return this.#detector?.status ?? "UNINITIALIZED";
  }
  /** Why it is not ready, "" when it is. */
  get trouble(): string {
    if (this.#fault) return this.#fault;
    if (this.#detector) return this.#detector.trouble;
    const { controller } = this.names;
    return controller
      ? `The hardware device ${controller} is not open: its Status says why.`
      : "No hardware device is open in this server.";
  }

  /** Told of each change of status, and once at first. */
  listen(listener: (status: Status, text: string) => void): Disposable {
    this.#listeners.add(listener);
    listener(this.status, this.trouble);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
  #announce(): void {
    for (const listener of this.#listeners) listener(this.status, this.trouble);
  }

  // ---- parameters ----

  get parameters(): Parameters {
    return this.#parameters;
  }
  /** @throws DevFailed while running, and what the hardware cannot do at all. */
  set(change: Partial<Parameters>): void {
    this.#refuseWhileRunning();
    const detector = this.#ready();
    const { trigger, gate, spectrumSize } = change;
    if (trigger && !detector.triggers.includes(trigger)) throw refusal(`Unsupported trigger_mode [${trigger}].`);
    if (gate && !detector.gates.includes(gate)) throw refusal(`Unsupported gate_mode [${gate}].`);
    const why = spectrumSize === undefined ? undefined : detector.refuseSize(spectrumSize);
    if (why) throw refusal(`Unsupported spectrum size (${spectrumSize}. ${why})`, "ValueError");
    this.#parameters = { ...this.#parameters, ...change };
  }

  get enabled(): readonly number[] {
    return this.#enabled;
  }
  /** Ids the hardware does not have are ignored. */
  enable(ids: readonly number[], on: boolean): void {
    this.#refuseWhileRunning();
    const all = this.#ready().detectors;
    this.#enabled = all.filter((id) => (ids.includes(id) ? on : this.#enabled.includes(id)));
    this.#prepared = false;
  }

  get rois(): readonly RoiDefinition[] {
    return this.#rois;
  }
  set rois(rois: readonly RoiDefinition[]) {
    this.#refuseWhileRunning();
    this.#rois = rois;
    this.#recording?.useRois(this.#rows(this.#recording.acquisition.detectors));
  }
  /** The rows of the ROI data that the next acquisition gives. */
  get rows() {
    return this.#rows(this.#enabled);
  }
  #rows(enabled: readonly number[]) {
    return roiRows(this.#rois, enabled, this.#parameters.spectrumSize);
  }

  // ---- the acquisition ----

  /** The last prepared one. */
  get recording(): Recording | undefined {
    return this.#recording;
  }

  /** Checks the parameters with the hardware. An acquisition prepared before cannot be started any more. */
  apply(): void {
    this.#refuseWhileRunning("Can't apply parameters while an acquisition is running.");
    this.#fault = "";
    this.#prepared = false;
    const detector = this.#ready("Can't call apply_mosca");
    const acquisition = acquisitionOf(this.#parameters, detector, this.#enabled);
    detector.applied?.(acquisition);
    this.#announce();
  }

  /** Makes ready to start; gives the acquisition's id. Points of the one before are gone. */
  async prepare(): Promise<number> {
    this.#refuseWhileRunning("Can't call prepare_acq while MCA state is RUNNING.");
    this.#ready("Can't call prepare_acq");
    this.apply();
    return this.#alone(async () => {
      const detector = this.#ready();
      const acquisition = acquisitionOf(this.#parameters, detector, this.#enabled);
      const id = Math.max(Math.floor(Date.now() / 100), (this.#recording?.id ?? 0) + 1);
      this.#recording = undefined;
      await detector.prepare(acquisition);
      await this.stages.prepare(acquisition);
      this.#recording = new Recording(acquisition, {
        id,
        statistics: detector.statistics.length,
        rows: this.rows,
        metadata: acquisitionMetadata(this),
        discardFirst: this.#parameters.discard === "FIRST",
      });
      this.#prepared = true;
      return id;
    });
  }

  /**
   * Starts what was prepared; resolves with its id when the hardware takes triggers.
   * @throws DevFailed when it was started before: then it can be resumed
   */
  async start(): Promise<number> {
    const recording = this.#startable();
    if (recording.starts > 0)
      throw refusal("The acquisition was started already: call prepare_acq first, or resume_acq to add points.");
    await this.#begin(recording);
    return recording.id;
  }
  /** Takes as many points again, after those there are; resolves as start. */
  async resume(): Promise<void> {
    this.#refuseWhileRunning("Can't resume an acquisition while it is running.");
    await this.#begin(this.#startable());
  }

  /** Ends the acquisition; resolves when nothing acquires any more. Does nothing when nothing runs. */
  async stop(): Promise<void> {
    this.#run?.stop.abort();
    await this.#run?.ended;
  }

  #startable(): Recording {
    if (this.#busy) throw refusal("Can't start an acquisition while it is being prepared.");
    if (this.#fault) throw refusal(`Can't start an acquisition after a fault: ${this.#fault}. Call prepare_acq.`);
    if (this.#recording && this.#prepared) return this.#recording;
    throw refusal("Can't start an acquisition without calling prepare first.");
  }

  /** Resolves when the hardware is armed, or failed to be: then there is a fault. */
  #begin(recording: Recording): Promise<void> {
    this.#ready();
    const stop = new AbortController();
    const { promise: armed, resolve } = Promise.withResolvers<void>();
    const ended = Promise.resolve().then(() => this.#acquire(recording, stop.signal, resolve));
    this.#run = { stop, ended: ended.finally(resolve) };
    this.#announce();
    return armed;
  }

  async #acquire(recording: Recording, signal: AbortSignal, armed: () => void): Promise<void> {
    const { acquisition } = recording;
    const triggered = recording.begin();
    let fault = "";
    try {
      await this.#ready().arm?.(acquisition);
      armed();
      for await (const block of this.#ready().acquire(acquisition, { triggered }, signal)) {
        const kept = recording.admit(block);
        if (kept) recording.keep(await this.stages.take(kept, acquisition));
      }
    } catch (error) {
      if (!signal.aborted) fault = error instanceof Error ? error.message : String(error);
    }
    try {
      await this.stages.end();
    } catch (error) {
      fault ||= (error as Error).message;
    }
    this.#fault = fault;
    this.#run = undefined;
    this.#announce();
  }

  async #alone<T>(action: () => Promise<T>): Promise<T> {
    if (this.#busy) throw refusal("Another prepare is going on.");
    this.#busy = true;
    try {
      return await action();
    } finally {
      this.#busy = false;
    }
  }

  #refuseWhileRunning(text = "Can't set parameters while an acquisition is running."): void {
    if (this.#run) throw refusal(text);
  }
  #ready(what = "Can't set parameters"): SpectrumDetector {
    if (this.#detector?.status === "READY") return this.#detector;
    const status = this.#detector?.status ?? "UNINITIALIZED";
    throw refusal(`${what} while MCA state is ${status}. ${this.trouble}`);
  }
}
