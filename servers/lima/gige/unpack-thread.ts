// SPDX-License-Identifier: MIT
// The thread that computes pixels of packed and colour images, while packets come and the server goes on.
import { bytesOf, shared } from "../frame.ts";
import { answering } from "../threads/answering.ts";
import type { Leader } from "./gvsp.ts";
import { type Picture, unpackPicture } from "./pixels.ts";

export interface Image {
  readonly leader: Leader;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** In memory that threads share, so that it is not copied on its way. */
answering(({ leader, data }: Image): Picture => {
  const { pixels: own, video } = unpackPicture(leader, data);
  const pixels = shared(own);
  if (!video) return { pixels, video };
  const same = video.data.buffer === own.buffer;
  return { pixels, video: { mode: video.mode, data: bytesOf(same ? pixels : shared(video.data)) } };
});
