// SPDX-License-Identifier: MIT
// acc_saturated_*: counting saturated pixels of the exposures of accumulated images.
import { maskBytes } from "../mask-file.ts";
import type { Accumulation } from "../parameters.ts";
import { readEdf } from "../saving/edf-read.ts";
import type { Lima, LimaMembers } from "./lima.ts";

export const saturationMembers = ({ acquisition }: Lima) => {
  const { parameters } = acquisition;
  const settings = () => parameters.accumulation.saturation;
  const change = (part: Partial<Accumulation["saturation"]>) => {
    parameters.accumulation = { ...parameters.accumulation, saturation: { ...settings(), ...part } };
  };
  return {
    acc_saturated_active: { read: () => settings().active, write: (active) => change({ active }) },
    acc_saturated_threshold: {
      read: () => BigInt(settings().threshold),
      write: (threshold) => change({ threshold: Number(threshold) }),
    },
    readAccSaturatedImageCounter: (frame) => acquisition.saturation.imageCounter(frame),
    readAccSaturatedSumCounter: (from) => acquisition.saturation.sumCounter(from),
    setAccSaturatedMask: async (file) => change({ mask: file ? maskBytes(await readEdf(file)) : undefined }),
  } satisfies LimaMembers;
};
