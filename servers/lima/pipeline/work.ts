// SPDX-License-Identifier: MIT
// The kinds of work of a processing thread.
import { type Job, processFrame } from "./process.ts";
import { addExposure, type Exposure, imageOfSum, type Sum } from "./sums.ts";

export type Work =
  | { readonly do: "process"; readonly job: Job }
  | { readonly do: "add"; readonly exposure: Exposure }
  | { readonly do: "image"; readonly sum: Sum };

/** Gives `Processed`, the number of saturated pixels, or `Pixels`. @throws Error when a task cannot work on such a frame. */
export function work(question: Work): unknown {
  if (question.do === "process") return processFrame(question.job);
  return question.do === "add" ? addExposure(question.exposure) : imageOfSum(question.sum);
}
