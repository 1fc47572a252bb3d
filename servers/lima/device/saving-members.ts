// SPDX-License-Identifier: MIT
// saving_*: which frames are saved where.
import { checkIndexFormat, nextFreeNumber } from "../saving/file-names.ts";
import { type FormatName, fileFormats, formatNames } from "../saving/format-table.ts";
import { managedModes, overwritePolicies, savingModes } from "../saving/settings.ts";
import { choice } from "./choices.ts";
import { atLeast, field } from "./fields.ts";
import type { Lima, LimaMembers } from "./lima.ts";

export const savingChoices = ({ saver, acquisition }: Lima) => {
  const { settings } = saver;
  return {
    saving_mode: choice(
      savingModes,
      () => settings.mode,
      (mode) => void (settings.mode = mode),
    ),
    saving_format: choice(
      formatNames,
      () => settings.format as FormatName,
      (format) => {
        settings.format = format;
        settings.suffix = fileFormats[format].suffix;
      },
    ),
    saving_overwrite_policy: choice(
      overwritePolicies,
      () => settings.policy,
      (policy) => void (settings.policy = policy),
    ),
    saving_managed_mode: choice(
      managedModes,
      () => settings.managed,
      (mode) => {
        if (mode === "HARDWARE" && !acquisition.camera.saving) throw new Error("No hardware saving for this camera");
        settings.managed = mode;
      },
    ),
  };
};

/** What separates key and value, entries, and the frame number from the entries. */
interface Delimiters {
  values: string[];
}

function parseEntries(entries: readonly string[], separator: string): ReadonlyMap<string, string> {
  return new Map(
    entries.filter(Boolean).map((entry) => {
      const at = entry.indexOf(separator);
      if (at <= 0) throw new Error(`Header entry "${entry}": key${separator}value is wanted`);
      return [entry.slice(0, at).trim(), entry.slice(at + separator.length).trim()] as const;
    }),
  );
}

export const savingMembers = ({ saver, acquisition }: Lima) => {
  const { settings, rates, headers } = saver;
  const delimiters: Delimiters = { values: ["=", "\n", ";"] };
  const separator = () => delimiters.values[0] ?? "=";
  return {
    user_detector_name: field(settings, "detector"),
    user_instrument_name: field(settings, "instrument"),
    saving_directory: field(settings, "directory"),
    saving_prefix: {
      read: () => settings.prefix,
      write: async (prefix) => {
        settings.prefix = prefix;
        settings.number = settings.policy === "ABORT" ? await nextFreeNumber(settings) : 0;
      },
    },
    saving_suffix: field(settings, "suffix"),
    saving_next_number: field(settings, "number", atLeast("saving_next_number", 0)),
    saving_index_format: field(settings, "indexFormat", checkIndexFormat),
    saving_frame_per_file: field(settings, "framesPerFile", atLeast("saving_frame_per_file", 1)),
    saving_every_n_frames: field(settings, "everyNth", atLeast("saving_every_n_frames", 1)),
    saving_max_writing_task: field(settings, "tasks", atLeast("saving_max_writing_task", 1)),
    saving_use_hw_comp: field(settings, "cameraPacks"),
    saving_stream_active: field(settings, "active"),
    saving_common_header: {
      read: () => [...settings.commonHeader].map(([key, value]) => key + separator() + value),
      write: (entries) => void (settings.commonHeader = parseEntries(entries, separator())),
    },
    saving_header_delimiter: {
      read: () => delimiters.values,
      write: (values) => {
        if (values.length !== 3 || values.some((value) => value === ""))
          throw new Error("saving_header_delimiter takes three words: between key and value, entries, image number");
        delimiters.values = [...values];
      },
    },
    saving_statistics: () => rates.statistics,
    saving_statistics_history: field(rates, "history", atLeast("saving_statistics_history", 1)),
    saving_statistics_log_enable: field(rates, "logs"),
    writeImage: (index) => saver.saveOne(acquisition.frame(index)),
    resetCommonHeader: () => void (settings.commonHeader = new Map()),
    resetFrameHeaders: () => headers.clear(),
    setImageHeader: (items) => {
      const [, entrySeparator = "\n", numberSeparator = ";"] = delimiters.values;
      for (const item of items) {
        const at = item.indexOf(numberSeparator);
        const frame = Number(item.slice(0, at));
        if (at < 1 || !Number.isInteger(frame))
          throw new Error(`Image header "${item}": <frame>${numberSeparator}<key>${separator()}<value> is wanted`);
        headers.give(frame, parseEntries(item.slice(at + 1).split(entrySeparator), separator()));
      }
    },
    setSavingStream: (stream) => {
      if (stream !== 0) throw new Error(`Saving stream ${stream}: this server has one, number 0`);
    },
  } satisfies LimaMembers;
};
