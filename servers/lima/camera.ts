// SPDX-License-Identifier: MIT
// What LimaCCDs needs of a camera: the whole of a plugin.
import type { Frame, ImageType } from "./frame.ts";
import type { VideoMode } from "./video-mode-table.ts";

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
  /** How pictures come now and could come, of cameras that see colours. */
  readonly video?: { readonly mode: VideoMode; readonly modes: readonly VideoMode[] };
}

export interface CameraSettings {
  /** Frames to give; 0: until stopped. */
  readonly frames: number;
  /** Seconds. */
  readonly exposure: number;
  readonly latency: number;
  readonly trigger: TriggerMode;
}

export const shutterModes = ["MANUAL", "AUTO_FRAME", "AUTO_SEQUENCE"] as const;
export type ShutterMode = (typeof shutterModes)[number];

/** A shutter that the camera drives. In the modes AUTO_* it opens by itself: for each frame, or for all of them. */
export interface Shutter {
  readonly modes: readonly ShutterMode[];
  mode: ShutterMode;
  /** Seconds it takes to open and to close. */
  openTime: number;
  closeTime: number;
  /** Mode MANUAL only. */
  open: boolean;
}

/** What a camera that writes files itself is told of them (saving_managed_mode HARDWARE). */
export interface HardwareFiles {
  readonly directory: string;
  readonly prefix: string;
  readonly suffix: string;
  /** printf's, for the number of the first file. */
  readonly indexFormat: string;
  readonly number: number;
  readonly format: string;
  /** For files that are there: only OVERWRITE lets them be replaced. */
  readonly policy: "ABORT" | "OVERWRITE" | "APPEND" | "MULTISET";
  readonly framesPerFile: number;
  /** 0: until stopped. */
  readonly frames: number;
}
export interface HardwareSaving {
  /** Words of saving_format, the preferred first. */
  readonly formats: readonly string[];
  /** Called before the camera is prepared. @throws Error saying what the camera cannot do. */
  prepare(files: HardwareFiles, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Resolves when the files of the acquisition that ended are complete; gives their number. */
  finish(): Promise<number>;
}

/** A connected camera. All of its frames are whole, unbinned and as the detector has them. */
export interface Camera extends AsyncDisposable {
  readonly capabilities: Capabilities;
  /** Arms the camera. @throws Error saying what the hardware refused. */
  prepare(settings: CameraSettings, options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * The frames of the prepared acquisition, each as soon as it is read out; ends after the last one, or when `signal` is aborted
   * (the hardware is stopped then, and frames exposed already are given first). A throw is a camera fault.
   * The next frame is asked for when there is room for it. Pixels that the camera goes on using have to be in shared memory
   * (`sharedPixels`) and stay as they are; others are the server's from then on.
   */
  frames(signal: AbortSignal): AsyncIterable<Frame>;
  /** INTERNAL_TRIGGER_MULTI: exposes the next frame. */
  trigger(): void;
  /** Chooses one of `capabilities.video.modes`. */
  setVideoMode?(mode: VideoMode): Promise<void>;
  readonly shutter?: Shutter;
  readonly saving?: HardwareSaving;
}
