// SPDX-License-Identifier: MIT
// What plugins of a LimaCCDs server make of each frame, as a part of the camera with counters of its own.
import type { CallOptions, ChannelShape, Detector, DetectorCounter, TypedArray } from "../../scanning/index.ts";

/** A plugin that the camera has, and what is wanted of it. */
export interface CameraPart {
  /** "roi_counters", "roi_profiles", "roi_collection", "bpm". */
  readonly name: string;
  counters(detector: Detector): readonly DetectorCounter[];
  /** Tells the plugin of what is wanted, before prepareAcq. */
  prepare(plan: PartPlan, call: CallOptions): Promise<PreparedPart>;
}
export interface PartPlan {
  /** 0: until stopped. */
  readonly points: number;
}

export interface PreparedPart {
  /** By the counters' keys, `part:name`. */
  readonly channels: Readonly<Record<string, ChannelShape>>;
  /** What the file keeps of it, by region. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What there is of frames `first` and on. @throws Error when frame `first` is no longer kept. */
  read(first: number, call: CallOptions): Promise<Series>;
}
/** Numbers of consecutive frames, by counter key; spectra one after the other. */
export interface Series {
  readonly points: number;
  readonly values: Readonly<Record<string, TypedArray>>;
}

/** The first `points` of a series that has more. */
export function shortened({ points: all, values }: Series, points: number): Series["values"] {
  if (points === all) return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, numbers]) => [key, numbers.subarray(0, (numbers.length / all) * points)]),
  );
}

/** Frames whose results a plugin keeps when a scan has `points`: enough for all, within bounds; undefined: as it is. */
export const wantedBuffer = ({ points }: PartPlan): number | undefined =>
  points > 256 ? Math.min(points, 65_536) : undefined;

/** The rows of one length of the frames from `first` on, without a gap; the frame's number is in column `column`. */
export function consecutive(rows: ArrayLike<number>, length: number, column: number, first: number): number[] {
  const places = new Map<number, number>();
  for (let at = 0; at + length <= rows.length; at += length) places.set(rows[at + column] ?? -1, at);
  const found: number[] = [];
  for (let frame = first; places.has(frame); frame++) found.push(places.get(frame) ?? 0);
  if (found.length === 0 && places.size > 0 && Math.min(...places.keys()) > first) throw lost(first);
  return found;
}

export const lost = (frame: number): Error =>
  new Error(`The plugin no longer keeps its results of frame ${frame}: write a larger BufferSize, or read faster`);
