// SPDX-License-Identifier: MIT
// A sink that keeps everything: for tests, and for looking at scans without a data stream.
import type { Channel, ChannelBlock, EndReason, ScanCreated, ScanEvent, ScanInfo, Sink } from "./events.ts";

/** One scan as its readers would see it. */
export interface RecordedScan {
  readonly created: ScanCreated;
  /** Types of the events, runs of data as one. */
  readonly sequence: string[];
  prepared?: ScanInfo;
  closed?: ScanInfo;
  reason?: EndReason;
  channels: readonly Channel[];
  readonly blocks: Map<string, ChannelBlock[]>;
  /** Values of a channel: numbers, or one array (or JSON value) a point. */
  values(fullname: string): unknown[];
}

export interface MemorySink extends Sink {
  readonly scans: readonly RecordedScan[];
}

export function memorySink(): MemorySink {
  const scans: RecordedScan[] = [];
  return {
    scans,
    async open(created) {
      const scan = recording(created);
      scans.push(scan);
      return {
        key: `memory:scan:${scans.length}`,
        write: async (events) => {
          for (const event of events) record(scan, event);
        },
        [Symbol.asyncDispose]: async () => {},
      };
    },
  };
}

function recording(created: ScanCreated): RecordedScan {
  const blocks = new Map<string, ChannelBlock[]>();
  return {
    created,
    sequence: ["created"],
    channels: created.channels,
    blocks,
    values(fullname) {
      const channel = this.channels.find((one) => one.fullname === fullname);
      if (!channel)
        throw new RangeError(`no channel ${fullname}; there are ${this.channels.map((c) => c.fullname).join(", ")}`);
      return (blocks.get(fullname) ?? []).flatMap((block) => valuesOf(channel, block));
    },
  };
}

function record(scan: RecordedScan, event: ScanEvent): void {
  if (scan.sequence.at(-1) !== event.type) scan.sequence.push(event.type);
  if (event.type === "prepared") [scan.prepared, scan.channels] = [event.info, event.channels];
  if (event.type === "closed") [scan.closed, scan.reason] = [event.info, event.reason];
  if (event.type !== "data") return;
  for (const block of event.blocks) {
    const { fullname } = scan.channels[block.channel]!;
    const known = scan.blocks.get(fullname);
    const next = known?.reduce((sum, { points }) => sum + points, 0) ?? 0;
    if (block.first !== next) throw new Error(`${fullname}: block at ${block.first}, expected ${next}`);
    if (known) known.push(block);
    else scan.blocks.set(fullname, [block]);
  }
}

function valuesOf({ encoding, shape }: Channel, { values, points }: ChannelBlock): unknown[] {
  if (encoding !== "numeric") return Array.isArray(values) ? [...values] : [values];
  const numbers = values as Float64Array;
  if (shape.length === 0) return [...numbers];
  const size = numbers.length / points;
  return Array.from({ length: points }, (_, i) => numbers.subarray(i * size, (i + 1) * size));
}
