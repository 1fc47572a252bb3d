// SPDX-License-Identifier: MIT
// The commands that give pixels, and the live picture.
import { dataArray, videoImage } from "../data-array.ts";
import type { Frame } from "../frame.ts";
import { choice, keptChoice } from "./choices.ts";
import { kept } from "./fields.ts";
import type { Lima, LimaMembers } from "./lima.ts";

const bytesOf = ({ pixels }: Frame) => new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
const anyTag = 0xffffffffn;
/** By bytes a pixel. */
const videoModes: Readonly<Record<number, string>> = { 1: "Y8", 2: "Y16", 4: "Y32" };

export const readoutChoices = ({ acquisition }: Lima) => {
  const mode = () =>
    videoModes[/\d+/.exec(acquisition.imageType)?.[0] === "8" ? 1 : bytesOfType(acquisition.imageType)] ?? "Y32";
  return {
    video_source: keptChoice(["BASE_IMAGE", "LAST_IMAGE"], "BASE_IMAGE"),
    video_mode: choice(
      () => [mode()],
      mode,
      // The camera's pixels decide.
      () => {},
    ),
  };
};
const bytesOfType = (type: string) => (type.startsWith("Bpp16") ? 2 : type.startsWith("Bpp8") ? 1 : 4);

export const readoutMembers = (lima: Lima) => {
  const { acquisition } = lima;
  const { parameters } = acquisition;
  const latest = () => (acquisition.counters.ready < 0 ? undefined : acquisition.frame(-1));
  const one = (index: number) => dataArray([acquisition.frame(index)], acquisition.tag);
  return {
    readImage: one,
    readLastImage: (known) => {
      if (acquisition.counters.ready <= known) throw new Error("Frame(s) not available yet");
      return one(-1);
    },
    readImageSeq: (values) => {
      const [start, end, step = 1n, tag = anyTag] = values;
      if (start === undefined || end === undefined || end <= start)
        throw new Error(`readImageSeq takes the first frame and the one after the last; [${values.join(", ")}] given`);
      if (step !== 1n) throw new Error(`readImageSeq gives every frame: step ${step} is not possible, only 1`);
      if ((tag & anyTag) !== anyTag && (tag & anyTag) !== (acquisition.tag & anyTag))
        throw new Error(`The acquisition has tag ${acquisition.tag}, tag ${tag} is not there any more`);
      if (end > BigInt(acquisition.counters.ready) + 1n) throw new Error("Frame(s) not available yet");
      const first = acquisition.frame(Number(start));
      const others = Array.from({ length: Number(end - start) - 1 }, (_, i) => acquisition.frame(first.index + 1 + i));
      return dataArray([first, ...others], acquisition.tag);
    },
    getImage: (index) => bytesOf(acquisition.frame(index)),
    getBaseImage: (index) => bytesOf(acquisition.frame(index)),
    last_image: () => one(-1),
    video_last_image: () => videoImage(latest()),
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
    video_exposure: { read: () => parameters.exposure, write: (seconds) => void (parameters.exposure = seconds) },
    video_gain: {
      read: () => 1,
      write: (gain) => {
        if (!(gain >= 0 && gain <= 1)) throw new Error("Gain should be between 0. and 1.");
        throw new Error("Can't change the gain on Scientific camera");
      },
    },
    video_roi: kept<Int32Array>(Int32Array.of(0, 0, 0, 0)),
    video_bin: kept<Uint32Array>(Uint32Array.of(1, 1)),
    image_events_push_data: kept(false),
    image_events_max_rate: kept<number>(25),
  } satisfies LimaMembers;
};
