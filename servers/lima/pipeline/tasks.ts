// SPDX-License-Identifier: MIT
// What plugins want done to each frame, as data: it is sent to the thread that has the frame.

import type { Beam } from "../beam.ts";
import type { Pixels } from "../frame.ts";
import type { PictureStyle } from "../picture.ts";
import type { Roi, RoiStatistics } from "../roi-statistics.ts";

/** Images are in memory that threads share: a task is sent with every frame. */
export interface Tasks {
  readonly subtract: { readonly image: Pixels; readonly offset: number };
  /** Pixels where the flat field is 0 become 0. */
  readonly divide: { readonly flat: Pixels };
  /** Pixels where the mask is 0 become 0, or what `fill` has there. */
  readonly mask: { readonly mask: Uint8Array; readonly fill: Pixels | undefined };
  readonly statistics: Regions<Roi>;
  readonly profiles: Regions<ProfileRegion>;
  readonly beam: {
    readonly background: Pixels | undefined;
    /** Look at the surroundings of the beam only. */
    readonly closer: boolean;
    /** Undefined: no picture is wanted. */
    readonly style: PictureStyle | undefined;
  };
  /** `radius` pixels around the highest are weighed; 0: none. */
  readonly peak: { readonly radius: number; readonly mask: Uint8Array | undefined };
  /** A picture of the frame, JPEG. */
  readonly picture: { readonly style: PictureStyle };
  /** The pixels as they are at this place of the chain. */
  readonly copy: object;
}
/** What each region comes to, without the pixels where the mask is 0. */
interface Regions<Kind> {
  readonly regions: readonly Kind[];
  /** Of the regions, by which the plugin knows them. */
  readonly ids: readonly number[];
  readonly mask: Uint8Array | undefined;
}
export type TaskKind = keyof Tasks;
export type Task<Kind extends TaskKind = TaskKind> = { [K in Kind]: { readonly do: K } & Tasks[K] }[Kind];

/** The tasks that change the frame. */
export const corrections: ReadonlySet<TaskKind> = new Set(["subtract", "divide", "mask"]);

/** What each kind of task gives. Corrections change the frame instead. */
export interface TaskResults {
  readonly subtract: undefined;
  readonly divide: undefined;
  readonly mask: undefined;
  readonly statistics: readonly RoiStatistics[];
  readonly profiles: readonly Int32Array[];
  readonly beam: Beam & { readonly picture: TimedPicture | undefined };
  readonly peak: { readonly x: number; readonly y: number };
  readonly picture: TimedPicture;
  readonly copy: Pixels;
}

export interface TimedPicture {
  readonly jpeg: Uint8Array;
  /** Milliseconds it took. */
  readonly took: number;
}

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** LINES_SUM: the lines added up, one value a column. COLUMN_SUM: the columns added up, one value a line. */
export interface ProfileRegion extends Region {
  readonly mode: "LINES_SUM" | "COLUMN_SUM";
}
