// SPDX-License-Identifier: MIT
// Which kind a stream is, from what its document says.
import type { Connection } from "../connection.ts";
import { type Info, keys, type StreamDocument } from "../scan-document.ts";
import { type DataStream, type PointStream, pointStream, type SavedPlace, type StreamKind, type StreamParts } from "./data-stream.ts"; // biome-ignore format: one import
import { Events } from "./events.ts";
import type { ScanFiles } from "./files.ts";
import { type ImageStream, imageStream } from "./image-stream.ts";
import { limaSource } from "./lima.ts";
import { lima2Source } from "./lima2.ts";
import type { LiveFrames } from "./live-frames.ts";

export type AnyStream = PointStream | ImageStream;

/** What streams need beside their document. */
export interface StreamContext {
  readonly connection: Connection;
  readonly files: ScanFiles;
  readonly live: LiveFrames | undefined;
  /** File and `save` of the scan, for documents of before there were plugins. */
  readonly scan: { readonly path: string | null; readonly saved: boolean };
}

const makers: Readonly<Record<StreamKind, (parts: StreamParts, context: StreamContext) => AnyStream>> = {
  plain: (parts) => pointStream(parts, "plain"),
  hdf5_fallback: (parts, { scan }) =>
    pointStream(parts, "hdf5_fallback", savedPlace(parts.document.info ?? {}, scan.path)),
  scan_sequence: (parts) => pointStream(parts, "scan_sequence"),
  lima: (parts, { connection, live }) =>
    imageStream(parts, limaSource(parts.name, parts.document.info ?? {}, connection, live)),
  lima2: (parts, { live }) => imageStream(parts, lima2Source(parts.name, parts.document.info ?? {}, live)),
};

function savedPlace(info: Info, path: string | null): SavedPlace | undefined {
  const file = typeof info.file_path === "string" ? info.file_path : path;
  return file && typeof info.data_path === "string" ? { file, dataset: info.data_path } : undefined;
}

/** Streams of before there were plugins tell by their format. */
const formats: Readonly<Record<string, StreamKind>> = { lima_v1: "lima", lima_v2: "lima2", subscan: "scan_sequence" };

function kindOf(name: string, { encoding, info }: StreamDocument, saved: boolean): StreamKind {
  const plugin = info?.plugin;
  if (plugin === undefined || plugin === null) {
    if (encoding?.type === "json") return formats[String(info?.format)] ?? "plain";
    return saved && typeof info?.data_path === "string" ? "hdf5_fallback" : "plain";
  }
  if (typeof plugin !== "string" || !Object.hasOwn(makers, plugin))
    throw new TypeError(
      `stream ${name} is of the kind "${String(plugin)}", known are ${Object.keys(makers).join(", ")}`,
    );
  return plugin as StreamKind;
}

/** @throws TypeError when the kind is not known or the document lacks something */
export function openStream(name: string, document: StreamDocument, context: StreamContext): AnyStream {
  const events = new Events(context.connection, name, keys.stream(document.pk));
  const kind = kindOf(name, document, context.scan.saved);
  return makers[kind]({ name, document, events, files: context.files }, context);
}

export const isImageStream = (stream: DataStream): stream is ImageStream =>
  stream.kind === "lima" || stream.kind === "lima2";
