// SPDX-License-Identifier: MIT
// What a client sets before prepareAcq. Everything is taken at prepareAcq; later writes count for the next acquisition.
import type { TriggerMode } from "./camera.ts";
import type { ImageType } from "./frame.ts";
import { type ImageOperations, noOperations } from "./image-operations.ts";

export interface AcquisitionParameters {
  mode: "SINGLE" | "CONCATENATION" | "ACCUMULATION";
  /** 0: until stopped. */
  frames: number;
  /** Seconds. */
  exposure: number;
  latency: number;
  trigger: TriggerMode;
  accumulation: Accumulation;
  /** Frames that share one buffer in mode CONCATENATION. */
  concatenated: number;
  operations: ImageOperations;
  /** Copied into the headers of the acquisition's images. */
  tag: bigint;
}

/** How the images of mode ACCUMULATION are made of exposures. */
export interface Accumulation {
  /** Seconds: the longest exposure. */
  readonly maxExposure: number;
  /** LIVE: the exposures last as long as wanted. REAL: exposures and the dead time between them do. */
  readonly time: "LIVE" | "REAL";
  readonly operation: "ACC_SUM" | "ACC_MEAN";
  readonly filter: "FILTER_NONE" | "FILTER_THRESHOLD_MIN" | "FILTER_OFFSET_THEN_THRESHOLD_MIN";
  /** Pixels at or below it count as 0 (filters with a threshold). */
  readonly threshold: number;
  /** Subtracted from each pixel first (filters with an offset). */
  readonly offset: number;
  readonly type: ImageType;
  /** Counts pixels above `threshold` in each exposure, where the mask is not 0. */
  readonly saturation: { readonly active: boolean; readonly threshold: number; readonly mask: Uint8Array | undefined };
}

export const defaultAccumulation: Accumulation = {
  maxExposure: 1,
  time: "LIVE",
  operation: "ACC_SUM",
  filter: "FILTER_NONE",
  threshold: 0,
  offset: 0,
  type: "Bpp32S",
  saturation: { active: false, threshold: 0, mask: undefined },
};

export const defaultParameters = (): AcquisitionParameters => ({
  mode: "SINGLE",
  frames: 1,
  exposure: 1,
  latency: 0,
  trigger: "INTERNAL_TRIGGER",
  accumulation: defaultAccumulation,
  concatenated: 1,
  operations: noOperations,
  tag: 0xffffffffn,
});
