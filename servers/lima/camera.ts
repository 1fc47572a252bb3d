// SPDX-License-Identifier: MIT
// What LimaCCDs needs of a camera: the whole of a plugin.
import type { Frame, ImageType } from "./frame.ts";

export const triggerModes = [
  "INTERNAL_TRIGGER",
  "INTERNAL_TRIGGER_MULTI",
  "EXTERNAL_TRIGGER",
  "EXTERNAL_TRIGGER_MULTI",
  "EXTERNAL_GATE",
  "EXTERNAL_START_STOP",
  "EXTERNAL_TRIGGER_READOUT",
] as const;
export type TriggerMode = (typeof triggerModes)[number];

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface Capabilities {
  /** What `lima_type` and `camera_type` say. */
  readonly type: string;
  readonly model: string;
  /** Pixels of the whole detector now. */
  readonly width: number;
  readonly height: number;
  readonly imageType: ImageType;
  /** Metres: x, y. */
  readonly pixelSize: readonly [number, number];
  readonly triggerModes: readonly TriggerMode[];
  /** Seconds. */
  readonly exposure: Range;
  readonly latency: Range;
}

export interface CameraSettings {
  /** Frames to give; 0: until stopped. */
  readonly frames: number;
  /** Seconds. */
  readonly exposure: number;
  readonly latency: number;
  readonly trigger: TriggerMode;
}

/** A connected camera. All of its frames are whole, unbinned and as the detector has them. */
export interface Camera extends AsyncDisposable {
  readonly capabilities: Capabilities;
  /** Arms the camera. @throws Error saying what the hardware refused. */
  prepare(settings: CameraSettings, options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * The frames of the prepared acquisition, each as soon as it is read out; ends after the last one, or when `signal` is aborted
   * (the hardware is stopped then, and frames exposed already are given first). A throw is a camera fault.
   */
  frames(signal: AbortSignal): AsyncIterable<Frame>;
  /** INTERNAL_TRIGGER_MULTI: exposes the next frame. */
  trigger(): void;
}
