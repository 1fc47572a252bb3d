// SPDX-License-Identifier: MIT
// Frames of a lima2 pipeline: its conductor tells over HTTP where they are, in a file or in the memory of which server; when
// the scan is over they are in one file.
import type { CallOptions } from "../connection.ts";
import type { Info } from "../scan-document.ts";
import { type ImageSourceReader, lastNumber } from "./image-stream.ts";
import { decodeFrame, type LiveFrames } from "./live-frames.ts";
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
const inOneDataset: ReadonlySet<string> = new Set(["DENSE", "VECTOR"]);

/** What the conductor answers of a frame. */
interface Places {
  /** `url` is file://FILE:GROUP/; dense frames and spectra are in its dataset `data`, sparse ones are not in one dataset. */
  readonly hdf5?: { readonly url?: string; readonly idx?: number; readonly frame_type?: string } | null;
  /** In the memory of a server: its index there, and the command that gives it. */
  readonly tango?: { readonly url?: string; readonly idx?: number; readonly command_name?: string } | null;
}

export function lima2Source(stream: string, streamInfo: Info, live?: LiveFrames): ImageSourceReader {
  const { lookup, masterFile } = lima2Info(stream, streamInfo);
  const ask = async (index: number, { signal }: CallOptions = {}): Promise<Places> => {
    const timeout = AbortSignal.timeout(lookupTime);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const response = await fetch(lookup + index, { signal: either }).catch((error: Error) => {
      signal?.throwIfAborted();
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw new Error(`stream ${stream}: the lima2 conductor at ${new URL(lookup).host} does not answer: ${why}`);
    });
    // Frames that left its memory, or that are not there yet.
    return response.ok ? ((await response.json()) as Places) : {};
  };
  return {
    kind: "lima2",
    frames: lastNumber,
    progress: (entry, ended) => ({ frames: lastNumber(entry), saved: ended && masterFile ? lastNumber(entry) : 0 }),
    async reference(index, { saved }, options) {
      if (masterFile && index < saved) return { frame: index, format: "hdf5", ...masterFile, index };
      return inFile(index, await ask(index, options));
    },
    async live(index, _progress, options) {
      if (!live) return undefined;
      const { url, idx, command_name: command } = (await ask(index, options)).tango ?? {};
      if (!url || !command || typeof idx !== "number") return undefined;
      return decodeFrame(await live.frame(url, command, idx, options));
    },
  };
}

function inFile(frame: number, { hdf5 }: Places): ImageReference | undefined {
  const [, file, group] = /^file:\/\/(.+):\/?([^:]+?)\/?$/.exec(hdf5?.url ?? "") ?? [];
  if (!file || !group || typeof hdf5?.idx !== "number" || !inOneDataset.has(hdf5.frame_type ?? "")) return undefined;
  return { frame, format: "hdf5", file, dataset: `/${group}/data`, index: hdf5.idx };
}
