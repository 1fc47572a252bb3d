// SPDX-License-Identifier: MIT
// video_*: the live picture.
import type { Acquisition } from "../acquisition.ts";
import { greyMode, videoImage } from "../data-array.ts";
import {
  applyOperations,
  changesNothing,
  checkOperations,
  type ImageOperations,
  noOperations,
} from "../image-operations.ts";
import type { VideoMode } from "../video-mode-table.ts";
import { choice } from "./choices.ts";
import { field, kept } from "./fields.ts";
import { roiOf, two } from "./image-members.ts";
import type { Lima, LimaMembers } from "./lima.ts";

export const videoChoices = ({ acquisition, video }: Lima) => {
  const colours = () => acquisition.camera.capabilities.video;
  const mode = (): VideoMode => colours()?.mode ?? greyMode(acquisition.imageType);
  return {
    video_source: choice(
      videoSources,
      () => video.source,
      (source) => void (video.source = source),
    ),
    video_mode: choice(
      () => colours()?.modes ?? [mode()],
      mode,
      (wanted) => acquisition.camera.setVideoMode?.(wanted),
    ),
  };
};

export const videoSources = ["BASE_IMAGE", "LAST_IMAGE"] as const;

/** Which image the picture shows, and what of it. */
export class VideoView {
  /** BASE_IMAGE: as it was before the plugins' corrections. */
  source: (typeof videoSources)[number] = "BASE_IMAGE";
  readonly #acquisition: Acquisition;
  #operations: ImageOperations = noOperations;

  constructor(acquisition: Acquisition) {
    this.#acquisition = acquisition;
  }
  get operations(): ImageOperations {
    return this.#operations;
  }
  /** @throws Error when the final image has no such part. */
  change(part: Partial<Pick<ImageOperations, "bin" | "roi">>): void {
    const wanted = { ...this.#operations, ...part };
    checkOperations(...this.#acquisition.size, wanted);
    this.#operations = wanted;
  }
  /** The latest frame as VIDEO_IMAGE. A view that no longer fits the image shows all of it. */
  get image() {
    const { counters, videoFrame } = this.#acquisition;
    if (counters.ready < 0) return videoImage(undefined);
    // Pictures in colours are shown as a whole.
    if (videoFrame && changesNothing(this.#operations)) return videoImage(videoFrame);
    const frame = this.source === "BASE_IMAGE" ? this.#acquisition.base(-1) : this.#acquisition.frame(-1);
    try {
      checkOperations(frame.width, frame.height, this.#operations);
    } catch {
      return videoImage(frame);
    }
    return videoImage(applyOperations(frame, this.#operations));
  }
}

export const videoMembers = ({ acquisition, video }: Lima) => {
  const { parameters } = acquisition;
  return {
    video_last_image: () => video.image,
    video_last_image_counter: () => BigInt(acquisition.counters.ready),
    video_active: kept(false),
    video_live: {
      read: () => acquisition.status === "Running" && parameters.frames === 0,
      write: async (live) => {
        if (!live) return acquisition.stop();
        if (acquisition.status === "Running") throw new Error("Can't set live mode if an acquisition is running");
        parameters.frames = 0;
        await acquisition.prepare();
        acquisition.start();
      },
    },
    video_exposure: field(parameters, "exposure"),
    video_gain: {
      read: () => 1,
      write: (gain) => {
        if (!(gain >= 0 && gain <= 1)) throw new Error("Gain should be between 0. and 1.");
        throw new Error("Can't change the gain on Scientific camera");
      },
    },
    video_roi: {
      read: () => Int32Array.from(video.operations.roi),
      write: (values) => video.change({ roi: roiOf("video_roi", values) }),
    },
    video_bin: {
      read: () => Uint32Array.from(video.operations.bin),
      write: (values) => video.change({ bin: two("video_bin", values) }),
    },
  } satisfies LimaMembers;
};
