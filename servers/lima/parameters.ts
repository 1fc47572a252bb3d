// SPDX-License-Identifier: MIT
// What a client sets before prepareAcq. Everything is taken at prepareAcq; later writes count for the next acquisition.
import type { TriggerMode } from "./camera.ts";
import { type ImageOperations, noOperations } from "./image-operations.ts";

export interface AcquisitionParameters {
  mode: "SINGLE" | "CONCATENATION" | "ACCUMULATION";
  /** 0: until stopped. */
  frames: number;
  /** Seconds. */
  exposure: number;
  latency: number;
  trigger: TriggerMode;
  operations: ImageOperations;
  /** Copied into the headers of the acquisition's images. */
  tag: bigint;
}

export const defaultParameters = (): AcquisitionParameters => ({
  mode: "SINGLE",
  frames: 1,
  exposure: 1,
  latency: 0,
  trigger: "INTERNAL_TRIGGER",
  operations: noOperations,
  tag: 0xffffffffn,
});
