// SPDX-License-Identifier: MIT
// The door of the writers: `bandoneon/writers`.

// HDF5 and NeXus: files from scans.
export { openHdf5 } from "./hdf5/open.ts";
export type { AdapterName, Hdf5, Hdf5File, Operation } from "./hdf5/port.ts";
export { Hdf5Error } from "./hdf5/port.ts";
export { repairFile } from "./hdf5/undo-log.ts";
export { type ScanStatus, type WritingService, type WritingServiceOptions, type WritingState, writingService } from "./nexus/from-stream/service.ts"; // biome-ignore format: one import
export { layout } from "./nexus/layout.ts";
export { type NexusSink, type NexusSinkOptions, nexusSink } from "./nexus/nexus-sink.ts";
export { type SavedByOptions, type ScanFileWriter, savedBy } from "./nexus/saved-by.ts";
// The data stream: publishing, reading, and the embedded store.
export { type Connection, StoreError } from "./stream/connection.ts";
export { DataStore, type DataStoreOptions, type NextScanOptions, openDataStore, type ScanNotice } from "./stream/data-store.ts"; // biome-ignore format: one import
export { json, type Lima2Options, type LimaOptions, lima, lima2, type NumericOptions, numeric, type SavedIn, type StreamDefinition, scanSequence } from "./stream/definition.ts"; // biome-ignore format: one import
export type { NumericArray } from "./stream/dtype.ts";
export type { Batch, Encoding, JsonBatch, NumericBatch, RaggedBatch } from "./stream/encoding.ts";
export type { Points, ShapedPoint } from "./stream/publish/point-queue.ts";
export type { PublishedScan } from "./stream/publish/published-scan.ts";
export type { PublishedStream } from "./stream/publish/published-stream.ts";
export type { DataStream, PointStream, StreamKind } from "./stream/read/data-stream.ts";
export { Cursor, followStream, followStreams } from "./stream/read/follow.ts";
export type { ImageStream } from "./stream/read/image-stream.ts";
export type { EncodedFrame, LiveFrames } from "./stream/read/live-frames.ts";
export { ScanNotFound, type StoredScan } from "./stream/read/stored-scan.ts";
export { type AnyStream, isImageStream } from "./stream/read/stream-kinds.ts";
export { type FollowOptions, type ImageReference, type ImagesBatch, IndexError, type ReadOptions, type View } from "./stream/read/view.ts"; // biome-ignore format: one import
export { type Info, type ScanDocument, type ScanIdentity, type ScanState, scanStates } from "./stream/scan-document.ts";
export type { ScanQuery } from "./stream/search.ts";
export { streamSink } from "./stream/sink.ts";
export { type RunningStore, type StoreOptions, startStore } from "./stream/store/server.ts";
