// SPDX-License-Identifier: MIT
// From a running scan to the data stream: what the scan engine tells becomes the document, the states and the streams.
import type { Channel, ChannelBlock, ImageProgress, ScanCreated, ScanEvent, ScanInfo, ScanSink, Sink } from "../../scanning/index.ts"; // biome-ignore format: one import
import { type H5Maps, streamsOf } from "../nexus/h5map.ts";
import { layout } from "../nexus/layout.ts";
import type { DataStore } from "./data-store.ts";
import { json, lima, numeric, type SavedIn, type StreamDefinition, scanSequence } from "./definition.ts";
import type { PublishedScan } from "./publish/published-scan.ts";
import type { PublishedStream } from "./publish/published-stream.ts";
import type { ScanIdentity } from "./scan-document.ts";

/**
 * Publishes each scan in `store`, which stays the caller's. The document of a saved scan carries the layout of its file
 * (`h5maps`), so that any writer that reads the stream can write it.
 */
export function streamSink(store: DataStore): Sink {
  return {
    async open(created) {
      const scan = await store.createScan(identityOf(created), created.info);
      return new StreamScanSink(store, scan, created);
    },
  };
}

const identityOf = ({ identity: { dataPolicy, ...identity } }: ScanCreated): ScanIdentity => ({
  ...identity,
  data_policy: dataPolicy,
});

/** A channel as it is published. */
interface Outlet {
  readonly channel: Channel;
  readonly stream: PublishedStream;
  /** Acquisitions of the channel's detector that are known to readers. */
  acquisitions: number;
}

class StreamScanSink implements ScanSink {
  readonly #store: DataStore;
  readonly #scan: PublishedScan;
  readonly #created: ScanCreated;
  #outlets: readonly Outlet[] = [];

  constructor(store: DataStore, scan: PublishedScan, created: ScanCreated) {
    this.#store = store;
    this.#scan = scan;
    this.#created = created;
  }

  get key(): string {
    return this.#scan.key;
  }

  async write(events: readonly ScanEvent[]): Promise<void> {
    for (const event of events) await this.#write(event);
    // Written is what the store has: a scan notices that it is away, or full.
    await this.#scan.flush();
  }

  intact(): Promise<boolean> {
    return this.#scan.exists();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scan[Symbol.asyncDispose]();
  }

  async #write(event: ScanEvent): Promise<void> {
    switch (event.type) {
      case "prepared":
        return this.#prepare(event.info, event.channels);
      case "started":
        return this.#scan.start();
      case "data":
        for (const block of event.blocks) await this.#send(block);
        return;
      case "stopped":
        return this.#scan.stop();
      case "closed":
        return this.#scan.close(this.#withMaps(event.info));
    }
  }

  async #prepare(info: ScanInfo, channels: readonly Channel[]): Promise<void> {
    const maps = this.#maps(info, channels);
    const { path } = this.#created.identity;
    const saved = path === null ? new Map<string, SavedIn>() : savedPlaces(path, maps);
    const outlets: Outlet[] = [];
    for (const channel of channels) {
      const definition = await this.#definition(channel, saved.get(channel.fullname));
      outlets.push({ channel, stream: this.#scan.createStream(channel.fullname, definition), acquisitions: 1 });
    }
    this.#outlets = outlets;
    await this.#scan.prepare(Object.keys(maps).length > 0 ? { ...info, h5maps: maps } : info);
  }

  async #definition(
    { encoding, dtype, shape, images }: Channel,
    saved: SavedIn | undefined,
  ): Promise<StreamDefinition> {
    if (encoding === "json") return json();
    if (encoding === "scans") return scanSequence();
    if (encoding !== "images" || !images) return numeric(dtype, { shape, ...(saved && { saved }) });
    const acquisitionOffset = await this.#store.prepareNextLimaAcquisition(images.serverUrl);
    const [height = 0, width = 0] = shape;
    return lima({ ...images, dtype, shape: [height, width], acquisitionOffset });
  }

  async #send({ channel: index, values }: ChannelBlock): Promise<void> {
    const outlet = this.#outlets[index];
    if (!outlet) throw new RangeError(`data of channel ${index}, the scan has ${this.#outlets.length} channels`);
    const { channel, stream } = outlet;
    if (channel.encoding === "images") return this.#sendProgress(outlet, values as ImageProgress);
    if (channel.encoding === "numeric") return stream.send(values);
    for (const value of values as readonly unknown[]) stream.send(value);
  }

  async #sendProgress(outlet: Outlet, { lastIndex, lastIndexSaved }: ImageProgress): Promise<void> {
    const { serverUrl, framesPerAcquisition } = outlet.channel.images ?? {};
    while (serverUrl && framesPerAcquisition && lastIndex >= outlet.acquisitions * framesPerAcquisition) {
      outlet.acquisitions++;
      await this.#store.prepareNextLimaAcquisition(serverUrl);
    }
    outlet.stream.send({ last_index: lastIndex, last_index_saved: lastIndexSaved });
  }

  #withMaps(info: ScanInfo): ScanInfo {
    // A scan that failed in preparation has a file too, without data.
    const maps = this.#maps(info, this.#outlets.map(({ channel }) => channel)); // biome-ignore format: one line
    return Object.keys(maps).length > 0 ? { ...info, h5maps: maps } : info;
  }

  #maps(info: ScanInfo, channels: readonly Channel[]): H5Maps {
    return layout(this.#created.identity, info, channels);
  }
}

/** Where the layout puts the points of each channel. */
function savedPlaces(file: string, maps: H5Maps): Map<string, SavedIn> {
  const root = maps[file];
  const streams = root ? [...streamsOf(root)] : [];
  return new Map(streams.map(([dataset, channel]) => [channel, { file, dataset }]));
}
