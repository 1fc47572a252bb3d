// SPDX-License-Identifier: MIT
// acq_* and acc_*: how images are exposed.
import { type ImageType, pixelKinds } from "../frame.ts";
import type { Accumulation, AcquisitionParameters } from "../parameters.ts";
import { choice } from "./choices.ts";
import { atLeast } from "./fields.ts";
import type { Lima, LimaMembers } from "./lima.ts";

const imageTypes = Object.keys(pixelKinds) as ImageType[];

/** Changes a part of the accumulation; the parameters of a running acquisition keep theirs. */
function change(parameters: AcquisitionParameters, part: Partial<Accumulation>): void {
  parameters.accumulation = { ...parameters.accumulation, ...part };
}

export const acquisitionChoices = ({ acquisition }: Lima) => {
  const { parameters } = acquisition;
  const filters = ["FILTER_NONE", "FILTER_THRESHOLD_MIN", "FILTER_OFFSET_THEN_THRESHOLD_MIN"] as const;
  const modes = ["STANDARD", "THRESHOLD_BEFORE", "OFFSET_THEN_THRESHOLD_BEFORE"] as const;
  return {
    acq_mode: choice(
      ["SINGLE", "CONCATENATION", "ACCUMULATION"],
      () => parameters.mode,
      (mode) => void (parameters.mode = mode),
    ),
    acq_trigger_mode: choice(
      () => acquisition.camera.capabilities.triggerModes,
      () => parameters.trigger,
      (trigger) => void (parameters.trigger = trigger),
    ),
    acc_time_mode: choice(
      ["LIVE", "REAL"],
      () => parameters.accumulation.time,
      (time) => change(parameters, { time }),
    ),
    /** A short word for a filter with the sum. */
    acc_mode: choice(
      modes,
      () => modes[filters.indexOf(parameters.accumulation.filter)] ?? "STANDARD",
      (mode) => change(parameters, { filter: filters[modes.indexOf(mode)] ?? "FILTER_NONE", operation: "ACC_SUM" }),
    ),
    acc_filter: choice(
      filters,
      () => parameters.accumulation.filter,
      (filter) => change(parameters, { filter }),
    ),
    acc_operation: choice(
      ["ACC_SUM", "ACC_MEAN", "ACC_MEDIAN"],
      () => parameters.accumulation.operation,
      (operation) => {
        // LIMA lists it and refuses it with these words; clients know both.
        if (operation === "ACC_MEDIAN") throw new Error("ACC_MEDIAN is not implemented; use ACC_SUM or ACC_MEAN");
        change(parameters, { operation });
      },
    ),
    acc_out_type: choice(
      imageTypes,
      () => parameters.accumulation.type,
      (type) => change(parameters, { type }),
    ),
  };
};

export const acquisitionMembers = ({ acquisition }: Lima) => {
  const { parameters } = acquisition;
  const ranges = () => acquisition.camera.capabilities;
  const accumulating = (value: () => number) => () => (parameters.mode === "ACCUMULATION" ? value() : -1);
  return {
    acq_status: () => acquisition.status,
    acq_status_fault_error: () => acquisition.fault,
    acq_tag: { read: () => parameters.tag, write: (tag) => void (parameters.tag = tag) },
    acq_nb_frames: {
      read: () => parameters.frames,
      write: (frames) => {
        atLeast("acq_nb_frames", 0)(frames);
        parameters.frames = frames;
      },
    },
    acq_expo_time: {
      read: () => parameters.exposure,
      write: (seconds) => {
        const { min, max } = ranges().exposure;
        if (!(seconds >= min))
          throw new Error(`Specified exposure time ${seconds} s too short: the camera's shortest is ${min} s`);
        if (parameters.mode !== "ACCUMULATION" && seconds > max)
          throw new Error(`Specified exposure time ${seconds} s too long: the camera's longest is ${max} s`);
        parameters.exposure = seconds;
      },
    },
    latency_time: {
      read: () => Math.max(parameters.latency, ranges().latency.min),
      write: (seconds) => {
        const { min, max } = ranges().latency;
        if (!(seconds <= max))
          throw new Error(`Specified latency time ${seconds} s too long: the camera's longest is ${max} s`);
        parameters.latency = seconds <= min ? 0 : seconds;
      },
    },
    valid_ranges: () => {
      const { exposure, latency } = ranges();
      return Float64Array.of(exposure.min, exposure.max, latency.min, latency.max);
    },
    concat_nb_frames: {
      read: () => parameters.concatenated,
      write: (frames) => {
        if (frames <= 0) throw new Error(`Invalid concat. nb frames: ${frames} is not above 0`);
        parameters.concatenated = frames;
      },
    },
    acc_max_expo_time: {
      read: () => parameters.accumulation.maxExposure,
      write: (maxExposure) => {
        if (!(maxExposure > 0)) throw new Error(`Invalid acc_max_expo_time: ${maxExposure} s is not above 0`);
        change(parameters, { maxExposure });
      },
    },
    acc_expo_time: accumulating(() => acquisition.subFrames.exposure),
    acc_nb_frames: accumulating(() => acquisition.subFrames.count),
    acc_dead_time: accumulating(() => acquisition.subFrames.dead),
    acc_live_time: accumulating(() => acquisition.subFrames.live),
    acc_threshold_before: {
      read: () => parameters.accumulation.threshold,
      write: (threshold) => change(parameters, { threshold }),
    },
    acc_offset_before: {
      read: () => parameters.accumulation.offset,
      write: (offset) => change(parameters, { offset }),
    },
    last_image_acquired: () => acquisition.counters.acquired,
    last_base_image_ready: () => acquisition.counters.base,
    last_image_ready: () => acquisition.counters.ready,
    last_image_saved: () => acquisition.counters.saved,
    last_counter_ready: () => acquisition.counters.counted,
    ready_for_next_image: () => acquisition.readyForNextImage,
    ready_for_next_acq: () => acquisition.status === "Ready",
    prepareAcq: () => acquisition.prepare(),
    startAcq: () => acquisition.start(),
    stopAcq: () => acquisition.stop(),
    abortAcq: () => acquisition.abort(),
    reset: () => acquisition.reset(),
  } satisfies LimaMembers;
};
