// SPDX-License-Identifier: MIT
// The commands that give pixels.
import { dataArray, dataArrayParts } from "../data-array.ts";
import { bytesOf } from "../frame.ts";
import { field } from "./fields.ts";
import type { Lima, LimaMembers } from "./lima.ts";

const anyTag = 0xffffffffn;
export const readoutMembers = ({ acquisition, events }: Lima) => {
  const one = (index: number) => dataArrayParts([acquisition.lend(index)], acquisition.tag);
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
      const first = acquisition.lend(Number(start));
      const others = Array.from({ length: Number(end - start) - 1 }, (_, i) => acquisition.lend(first.index + 1 + i));
      return dataArrayParts([first, ...others], acquisition.tag);
    },
    getImage: (index) => bytesOf(acquisition.lend(index).pixels),
    getBaseImage: (index) => bytesOf(acquisition.lendBase(index).pixels),
    last_image: () => dataArray(acquisition.frame(-1), acquisition.tag),
    image_events_push_data: field(events, "withData"),
    image_events_max_rate: field(events, "rate"),
  } satisfies LimaMembers;
};
