// SPDX-License-Identifier: MIT
// Frames of a lima2 pipeline: its conductor tells over HTTP where they are; when the scan is over they are in one file.
import type { CallOptions } from "../connection.ts";
import type { Info } from "../scan-document.ts";
import { type ImageSourceReader, lastNumber } from "./image-stream.ts";
import type { ImageReference } from "./view.ts";

interface Lima2Info {
  readonly lookup: string;
  readonly masterFile: { readonly file: string; readonly dataset: string } | undefined;
}

/** @throws TypeError naming what is missing */
function lima2Info(stream: string, info: Info): Lima2Info {
  const text = (key: string): string => {
    const value = info[key];
    if (typeof value !== "string" && typeof value !== "number")
      throw new TypeError(`stream ${stream}: info.${key} is missing`);
    return String(value);
  };
  if (info.protocol_version !== 2)
    throw new TypeError(`stream ${stream}: lima2 protocol ${String(info.protocol_version)} is not known, only 2`);
  const [acquisition, source] = [text("acq_uuid"), text("source_name")].map(encodeURIComponent);
  const lookup = `http://${text("conductor_hostname")}:${text("conductor_port")}/pipeline/${acquisition}/lookup/${source}/`;
  const [file, dataset] = Array.isArray(info.master_file) ? info.master_file : [];
  return {
    lookup,
    masterFile: typeof file === "string" && typeof dataset === "string" ? { file, dataset } : undefined,
  };
}

const lookupTime = 5000;

export function lima2Source(stream: string, streamInfo: Info): ImageSourceReader {
  const { lookup, masterFile } = lima2Info(stream, streamInfo);
  const ask = async (index: number, { signal }: CallOptions = {}): Promise<ImageReference | undefined> => {
    const timeout = AbortSignal.timeout(lookupTime);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const response = await fetch(lookup + index, { signal: either }).catch((error: Error) => {
      signal?.throwIfAborted();
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw new Error(`stream ${stream}: the lima2 conductor at ${new URL(lookup).host} does not answer: ${why}`);
    });
    // Frames that left its memory, or that are not there yet.
    if (!response.ok) return undefined;
    const { hdf5 } = (await response.json()) as { hdf5?: { url?: string; idx?: number } };
    const [, file, dataset] = /^file:\/\/(.+):([^:]+)$/.exec(hdf5?.url ?? "") ?? [];
    if (!file || !dataset || typeof hdf5?.idx !== "number") return undefined;
    return { frame: index, format: "hdf5", file, dataset, index: hdf5.idx };
  };
  return {
    kind: "lima2",
    frames: lastNumber,
    progress: (entry, ended) => ({ frames: lastNumber(entry), saved: ended && masterFile ? lastNumber(entry) : 0 }),
    async reference(index, { saved }, options) {
      if (masterFile && index < saved) return { frame: index, format: "hdf5", ...masterFile, index };
      return ask(index, options);
    },
    // The conductor tells of files only here; frames of its memory come through Tango.
    live: async () => undefined,
  };
}
