// SPDX-License-Identifier: MIT
// The NeXus writer inside the process that scans: give it to a scan as its sink.
import type {
  Channel,
  ChannelBlock,
  ScanCreated,
  ScanEvent,
  ScanIdentity,
  ScanInfo,
  ScanSink,
  Sink,
} from "../../scanning/index.ts";
import { dtypeOfName } from "../hdf5/dtype.ts";
import { type Hdf5Options, openHdf5 } from "../hdf5/open.ts";
import type { AdapterName } from "../hdf5/port.ts";
import type { RaggedPoint, StoredBlock, StoredChannel } from "./channel-store.ts";
import { FilePool } from "./file-pool.ts";
import { type H5Maps, mapsOf } from "./h5map.ts";
import { layout } from "./layout.ts";
import { number } from "./scan-info.ts";
import { ScanWriter, type ScanWriterOptions } from "./scan-writer.ts";

export interface NexusSinkOptions extends Hdf5Options, Partial<Omit<ScanWriterOptions, "warn" | "signal">> {
  /** Told what delays or spoils the writing; the scan goes on. Default: the console. */
  readonly warn?: (message: string) => void;
}
export interface NexusSink extends Sink, AsyncDisposable {
  readonly adapter: AdapterName;
}

export const writerDefaults = {
  patience: 10_000,
  flushPeriod: 500,
  room: { reserve: 200e6, period: 1000 },
  gzip: 1,
  mostWaiting: 64 << 20,
  swmr: false,
} as const satisfies Omit<ScanWriterOptions, "warn">;

/**
 * Starts the HDF5 library and returns the sink. Each saved scan is written as it runs, readable at any moment, and is
 * complete when the scan's sink is disposed.
 */
export async function nexusSink(options: NexusSinkOptions = {}): Promise<NexusSink> {
  const hdf5 = await openHdf5(options);
  const pool = new FilePool(hdf5);
  const settings: ScanWriterOptions = { ...writerDefaults, warn: (message) => console.warn(message), ...options };
  return {
    adapter: hdf5.adapter,
    open: (created) => openScan(pool, created, settings),
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      await hdf5[Symbol.asyncDispose]();
    },
  };
}

const nowhere: ScanSink = { write: async () => {}, [Symbol.asyncDispose]: async () => {} };

/** Refuses the scan when its file cannot be had: before anything moves is the time to say so. */
async function openScan(pool: FilePool, created: ScanCreated, settings: ScanWriterOptions): Promise<ScanSink> {
  const { identity } = created;
  if (identity.path === null || created.info.save === false) return nowhere;
  const { patience, swmr, warn } = settings;
  const lease = await pool.lease(identity.path, { patience, swmr, onLocked: warn });
  const stack = new AsyncDisposableStack();
  stack.use(lease);
  let writer: ScanWriter | undefined;
  let { info, channels } = created;
  const begin = async (): Promise<ScanWriter> => {
    const maps = mapsFor(identity, info, channels);
    const scan = { maps, channels: channels.map(stored), points: number(info.npoints) ?? 0 };
    writer = stack.use(await ScanWriter.open(pool, scan, settings));
    return writer;
  };
  const step = async (event: ScanEvent): Promise<void> => {
    if (event.type === "prepared") {
      ({ info, channels } = event);
      await begin();
    } else if (event.type === "data") await writer?.write(event.blocks.map((block) => storedBlock(channels, block)));
    else if (event.type === "closed") {
      const open = writer ?? (await begin());
      info = event.info;
      await open.finish(mapsFor(identity, info, channels));
    }
  };
  return {
    async write(events) {
      for (const event of events) await step(event);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const mapsFor = (identity: ScanIdentity, info: ScanInfo, channels: readonly Channel[]): H5Maps =>
  mapsOf(info) ?? layout(identity, info, channels, { json: true });

const stored = ({ fullname, encoding, dtype, shape, images }: Channel): StoredChannel => ({
  fullname,
  encoding: encoding === "scans" ? "json" : encoding,
  dtype: dtypeOfName(dtype),
  row: shape,
  ...(images ? { images } : {}),
});

const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function storedBlock(channels: readonly Channel[], { channel, first, points, values }: ChannelBlock): StoredBlock {
  const { fullname = "", encoding } = channels[channel] ?? {};
  const block = { channel: fullname, first, points };
  if (ArrayBuffer.isView(values)) return { ...block, values: bytes(values) };
  if (encoding !== "ragged") return { ...block, values };
  const ragged = (values as readonly ArrayBufferView[]).map((value): RaggedPoint => {
    const data = bytes(value);
    return { shape: [(value as ArrayBufferView & { length: number }).length], data };
  });
  return { ...block, values: ragged };
}
