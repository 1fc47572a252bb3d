// SPDX-License-Identifier: MIT
// What a scan needs of the things it moves and reads. `devices/` adapts Tango devices to these; tests and demonstrations
// use the soft ones of soft.ts. Nothing here knows of a control system. Stable: changes are announced in this comment.
//
// Options: an aborted `signal` of a move or a trigger stops the HARDWARE; of anything else it stops the waiting.
// One options object may be passed to many calls: keep no reference to it.

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** A quantity that can be read and set. */
export interface Setting<Value> {
  read(options?: CallOptions): Promise<Value>;
  write(value: Value, options?: CallOptions): Promise<void>;
}

// ---- axes ----------------------------------------------------------------------------------------------------------

export type Limits = readonly [low: number, high: number];

/** A motor, real or pseudo. Positions are in user units. */
export interface Axis<Name extends string = string> {
  readonly kind: "axis";
  readonly name: Name;
  readonly unit?: string;
  /** Digits after the point in titles and tables; 5 when absent. */
  readonly decimals?: number;
  /** The axes this pseudo axis moves, in order; they are recorded with it. */
  readonly reals?: readonly Axis[];
  /** Recorded with the axis in every scan of it. */
  readonly encoder?: SamplingCounter;
  /** Axes of one group are moved by one call, e.g. pseudo axes that share their reals. */
  readonly group?: AxisGroup;
  /** Reads the position. */
  position(options?: CallOptions): Promise<number>;
  /** Where it was last sent: what relative moves and scans start from, and return to. */
  target(options?: CallOptions): Promise<number>;
  /** Soft limits; infinite where there are none. */
  limits(options?: CallOptions): Promise<Limits>;
  /** Moves, and resolves with the position read back once at rest. Does nothing when it is there already. */
  move(target: number, options?: CallOptions): Promise<number>;
  /** Decelerates; resolves once at rest. Does nothing when at rest. */
  stop(options?: CallOptions): Promise<void>;
  /** The dial position (before sign and offset). */
  dial?(options?: CallOptions): Promise<number>;
  /** e.g. "READY", "MOVING", "LIMPOS READY". */
  state?(options?: CallOptions): Promise<string>;
  /** Units a second. */
  readonly velocity?: Setting<number>;
  /** Units a second squared. */
  readonly acceleration?: Setting<number>;
  /** User = sign x dial + offset. Writing keeps the dial position. */
  readonly offset?: Setting<number>;
  /** 1 or -1. */
  readonly sign?: Setting<number>;
  readonly softLimits?: Setting<Limits>;
  /** Motions through given points in time; absent when its controller has none. */
  readonly trajectory?: AxisTrajectory;
}

/** One row of a trajectory; between two rows the motor follows a cubic. */
export interface Knot {
  /** Seconds from the start, ascending. */
  readonly time: number;
  readonly position: number;
  /** Units a second. */
  readonly velocity: number;
}
export interface AxisTrajectory {
  /** Checks the knots, and moves to the first of them. @throws when they leave the limits */
  prepare(knots: readonly Knot[], options?: CallOptions): Promise<void>;
  /** Follows what was prepared; resolves with the position at its end, at rest. */
  run(options?: CallOptions): Promise<number>;
}

export interface AxisGroup {
  /** Moves these axes of the group together; resolves once all are at rest. */
  move(targets: ReadonlyMap<Axis, number>, options?: CallOptions): Promise<void>;
  /** Where the real axes go for each point of a trajectory: `positions[k]` belongs to `axes[k]`. For the limit check. */
  realPositions?(
    axes: readonly Axis[],
    positions: readonly Float64Array[],
    options?: CallOptions,
  ): Promise<ReadonlyMap<Axis, Float64Array>>;
}

// ---- counters ------------------------------------------------------------------------------------------------------

/** Everything a scan can read: it makes one channel, or several (statistics modes). */
export type Counter = SamplingCounter | DetectorCounter | CalcCounter;

/** What may be given where counters are wanted: it stands for its counters. */
export interface CounterContainer {
  readonly name: string;
  readonly counters: readonly Counter[];
}
export type Readable = Counter | CounterContainer;

/**
 * How the readings within a count time become values: MEAN, LAST, SINGLE (first reading), INTEGRATE (mean x count
 * time), STATS (value, _N, _std, _var, _min, _max, _p2v), INTEGRATE_STATS (the same, scaled), SAMPLES (value, _samples).
 */
export const samplingModes = ["MEAN", "STATS", "SAMPLES", "SINGLE", "LAST", "INTEGRATE", "INTEGRATE_STATS"] as const;
export type SamplingMode = (typeof samplingModes)[number];

/** A number that is read, again and again while counting: temperature, current, position of an encoder. */
export interface SamplingCounter<Name extends string = string> {
  readonly kind: "sampling";
  readonly name: Name;
  readonly unit?: string;
  readonly decimals?: number;
  readonly device: SamplingDevice;
  /** Default MEAN. */
  readonly mode?: SamplingMode;
  /** Applied to each reading. */
  readonly convert?: (reading: number) => number;
}

/** Reads its counters together: one reading, one number a counter, in the order given to `reader`. */
export type SamplingReader = (options: CallOptions) => Promise<ArrayLike<number>> | ArrayLike<number>;

/** What sampling counters are read from, e.g. a Tango device: all its counters in a scan are one call a reading. */
export interface SamplingDevice {
  /** First part of its channels' fullnames. */
  readonly name: string;
  /** Called once a scan. */
  reader(counters: readonly SamplingCounter[]): SamplingReader;
  /** False: a reading that fails gives NaN and a warning, and the scan goes on. Default true. */
  readonly critical?: boolean;
  /** Hz; readings are not faster than this. Default: no bound. */
  readonly maxSamplingFrequency?: number;
  prepare?(options: CallOptions): Promise<void>;
  stop?(options: CallOptions): Promise<void>;
  /** What the file keeps of it (`devices.*.metadata`). */
  metadata?(options: CallOptions): Promise<Readonly<Record<string, unknown>>>;
}

/** A counter computed from others, which it brings into the scan. */
export interface CalcCounter<Name extends string = string> {
  readonly kind: "calc";
  readonly name: Name;
  readonly unit?: string;
  readonly decimals?: number;
  readonly device: CalcDevice;
}
export type CalcValue = number | TypedArray;
export interface CalcDevice {
  readonly name: string;
  /** By the names `compute` knows them. */
  readonly inputs: Readonly<Record<string, Counter>>;
  /** Once a point; gives one value an output, by counter name. Outputs are scalars. */
  compute(inputs: Readonly<Record<string, CalcValue>>): Readonly<Record<string, number>>;
}

// ---- detectors: integrating counters, spectrometers (1D), cameras (2D) ---------------------------------------------

/** One channel of a detector. Fullname `detector:name`, or `detector:part:name`. */
export interface DetectorCounter<Name extends string = string> {
  readonly kind: "detector";
  readonly name: Name;
  readonly unit?: string;
  readonly decimals?: number;
  readonly detector: Detector;
  /** A part with a place of its own in the device tree: "roi_counters", "roi_profiles", "bpm". */
  readonly part?: string;
  /** 0 a number, 1 a spectrum, 2 an image a point. */
  readonly dim: 0 | 1 | 2;
}

/** What starts each point. software: `trigger()`; internal: its own clock after `start()`; external, gate: a pulse. */
export type TriggerMode = "software" | "internal" | "external" | "gate";

export interface Acquisition {
  readonly counters: readonly DetectorCounter[];
  /** 0: until stopped. */
  readonly points: number;
  /** Seconds. */
  readonly exposure: number;
  readonly trigger: TriggerMode;
  /** Where to save frames or spectra, when the scan saves them. */
  readonly saving?: Saving;
  /** What the chain's settings or the scan's arguments say for this detector, by the detector's own words. */
  readonly settings?: Readonly<Record<string, unknown>>;
}
export interface Saving {
  readonly directory: string;
  /** e.g. "cam_". */
  readonly prefix: string;
}

/** Prepared once a scan; then `data` is followed while points are started; stopped whatever happens. */
export interface Detector extends CounterContainer {
  /** `type` of its entry in the scan's device list, when it has one there. */
  readonly type?: "lima" | "lima2" | "mca" | "mosca";
  /** What it can do, the preferred first. */
  readonly triggers: readonly TriggerMode[];
  prepare(acquisition: Acquisition, options: CallOptions): Promise<Prepared>;
  /** Arms it: called once, before the first point; in "internal" mode with the first point: the points begin. */
  start?(options: CallOptions): Promise<void>;
  /** Software trigger: resolves when the exposure is over and the next trigger may come (data may come later). */
  trigger(options: CallOptions): Promise<void>;
  /**
   * Called once, after `prepare`: every point once, in order, as it becomes available. Ends after `points` points, or
   * after `stop()` when the points taken until then have been given.
   */
  data(options: CallOptions): AsyncIterable<Block>;
  /** Ends the acquisition; resolves when nothing acquires any more. */
  stop(options?: CallOptions): Promise<void>;
  /** The frame of a point of its newest acquisition, to look at; -1: the last one. */
  picture?(point: number, options?: CallOptions): Promise<Picture>;
}

/** An image, row by row. */
export interface Picture {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** Opened and closed for every point: a fast shutter, a digital output. Detectors below it are gated or triggered by it. */
export interface Gate<Name extends string = string> {
  readonly kind: "gate";
  readonly name: Name;
  open(options?: CallOptions): Promise<void>;
  close(options?: CallOptions): Promise<void>;
}

/** What is known of the channels only after `prepare`. */
export interface Prepared {
  /** By counter name within its part: "image", "roi_counters:r1_sum". */
  readonly channels: Readonly<Record<string, ChannelShape>>;
  /** What the file keeps of the detector; parts under their name. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly partMetadata?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ChannelShape {
  /** numpy's name; numbers are little endian. */
  readonly dtype: Dtype;
  /** Of one point: [] a number, [n] a spectrum, [height, width] an image; -1 where it varies from point to point. */
  readonly shape: readonly number[];
  /** Images that stay with the detector or in its files: the scan carries references only. */
  readonly images?: ImageSource;
}

export type Dtype =
  | "float64" | "float32" | "int64" | "int32" | "int16" | "int8" | "uint64" | "uint32" | "uint16" | "uint8" | "bool"; // biome-ignore format: one glance
export type TypedArray =
  | Float64Array | Float32Array | BigInt64Array | Int32Array | Int16Array | Int8Array
  | BigUint64Array | Uint32Array | Uint16Array | Uint8Array; // biome-ignore format: one glance

/** Where the frames of an image channel are to be had. Frame n of the channel is point n. */
export interface ImageSource {
  /** Full Tango name of the server: `tango://host:port/domain/family/member`. */
  readonly serverUrl: string;
  /** Frames the server keeps in memory. */
  readonly bufferMaxNumber: number;
  /** Frames of one acquisition of the server; 0: one acquisition holds them all. */
  readonly framesPerAcquisition: number;
  /** Absent: not saved by the detector. */
  readonly files?: ImageFiles;
}
export interface ImageFiles {
  /** printf template with one number: `/data/scan0001/cam_%04d.h5`. */
  readonly path: string;
  /** Dataset in the file; null for formats without one (edf). */
  readonly dataPath: string | null;
  /** hdf5, edf, cbf ... */
  readonly format: string;
  readonly framesPerFile: number;
  /** Number of the first file. */
  readonly firstFile: number;
}

/** Points `first` to `first + points - 1` of a detector's channels, keyed as in `Prepared.channels`. */
export interface Block {
  readonly first: number;
  readonly points: number;
  readonly values: Readonly<Record<string, BlockValues>>;
}
/**
 * Numbers of fixed shape: one array, point after point. Varying shape: one array a point. Images with a source: how far
 * the frames are, as indices (-1 before the first).
 */
export type BlockValues = TypedArray | readonly TypedArray[] | ImageProgress;
export interface ImageProgress {
  readonly lastIndex: number;
  readonly lastIndexSaved: number;
}
