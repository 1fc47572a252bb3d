// SPDX-License-Identifier: MIT
// The streams of a published scan as the writer's channels.
import type { Channel, ImageSource } from "../../../scanning/index.ts";
import { limaInfo } from "../../stream/lima-info.ts";
import { type AnyStream, isImageStream } from "../../stream/read/stream-kinds.ts";
import type { Info } from "../../stream/scan-document.ts";
import type { StoredChannel } from "../channel-store.ts";

/** A stream as a channel of the scan that published it; what the stream does not say is in the scan's document. */
export function channelOf(stream: AnyStream, info: Info): Channel {
  const about = record(record(info.channels)[stream.name]);
  const images = imageSource(stream);
  const { name, dtype = "<f8", shape } = stream;
  return {
    fullname: name,
    name: String(about.display_name ?? name.split(":").at(-1)),
    device: String(about.device ?? ""),
    dim: shape.length as 0 | 1 | 2,
    // Names without byte order: the layout only asks what kind of number it is.
    dtype: String(stream.info.dtype ?? dtype) as Channel["dtype"],
    shape,
    encoding: encodingOf(stream),
    ...(typeof about.unit === "string" && { unit: about.unit }),
    ...(images && { images }),
  };
}

export function storedChannel(stream: AnyStream): StoredChannel {
  const images = imageSource(stream);
  const encoding = encodingOf(stream);
  return {
    fullname: stream.name,
    encoding: encoding === "scans" ? "json" : encoding,
    dtype: storedDtype(stream.dtype ?? "<f8"),
    row: stream.shape,
    ...(images && { images }),
  };
}

/** Readers give numbers in this machine's byte order, and half floats as floats. */
const storedDtype = (dtype: string): string => (dtype.endsWith("f2") ? "<f4" : dtype.replace(">", "<"));

function encodingOf(stream: AnyStream): Channel["encoding"] {
  if (isImageStream(stream)) return "images";
  if (stream.kind === "scan_sequence") return "scans";
  if (stream.dtype === undefined) return "json";
  return stream.shape.includes(-1) ? "ragged" : "numeric";
}

/** Where a detector saves the frames of a stream. */
function imageSource(stream: AnyStream): ImageSource | undefined {
  if (stream.kind === "lima2") {
    const [path, dataPath] = (stream.info.master_file ?? []) as readonly string[];
    const files = { format: "hdf5", framesPerFile: 0, firstFile: 0 };
    return {
      ...{ serverUrl: "", bufferMaxNumber: 0, framesPerAcquisition: 0 },
      ...(path && dataPath && { files: { ...files, path, dataPath } }),
    };
  }
  return stream.kind === "lima" ? limaInfo(stream.name, stream.info) : undefined;
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
