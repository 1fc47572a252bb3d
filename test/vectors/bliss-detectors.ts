// SPDX-License-Identifier: MIT
// Detectors that behave as one of a recording did: its channels, shapes, metadata and values.

import { arrayOf } from "../../scanning/column.ts";
import type { Block, BlockValues, ChannelShape, Detector, DetectorCounter, Dtype } from "../../scanning/index.ts";
import type { Recording } from "./bliss-recording.ts";

type Json = Record<string, unknown>;
const dtypes: Record<string, Dtype> = { "<f8": "float64", "<i8": "int64", "<u4": "uint32", "<i4": "int32" };

/** The device `name` of the recording's only scan. */
export function recordedDetector(recorded: Recording, name: string): Detector {
  const { documents, streams } = recorded.scans[0]!;
  const { channels, devices } = documents.CREATED.info as Record<"channels" | "devices", Record<string, Json>>;
  const own = Object.keys(streams).filter((fullname) => fullname.startsWith(`${name}:`));
  const keyOf = (fullname: string) => fullname.slice(name.length + 1);
  const shapes = Object.fromEntries(own.map((fullname) => [keyOf(fullname), shapeOf(streams[fullname]!)]));
  const metadataOf = (device: string) =>
    Object.entries(documents.PREPARED?.set ?? {}).find(([path]) => new RegExp(`devices/dev\\d+:${device}/metadata$`).test(path))?.[1] as Json; // biome-ignore format: one glance
  const parts = [
    ...new Set(own.flatMap((fullname) => (fullname.split(":").length > 2 ? [fullname.split(":")[1]!] : []))),
  ];
  const type = Object.values(devices).find((device) => device.name === name)?.type as Detector["type"];
  let wanted = 0;
  let ended = Promise.withResolvers<void>();
  const detector: Detector = {
    name,
    ...(type && { type }),
    triggers: ["software"],
    get counters() {
      return counters;
    },
    prepare: async ({ points }) => {
      wanted = points;
      ended = Promise.withResolvers();
      const partMetadata = Object.fromEntries(parts.map((part) => [part, metadataOf(part)]));
      return { channels: shapes, metadata: metadataOf(name), partMetadata };
    },
    trigger: async () => {},
    async *data(): AsyncGenerator<Block> {
      for (let point = 0; point < wanted; point++)
        yield { first: point, points: 1, values: Object.fromEntries(own.map((f) => [keyOf(f), pointOf(streams[f]!, shapes[keyOf(f)]!, point)])) }; // biome-ignore format: one glance
      ended.resolve();
    },
    stop: async () => {},
  };
  // In order of creation: the numbers of their devices say it.
  const number = (fullname: string) => Number(/^dev(\d+)/.exec(String(channels[fullname]!.device))?.[1]);
  const counters = own
    .toSorted((a, b) => number(a) - number(b))
    .map((fullname): DetectorCounter => {
      const [, ...path] = fullname.split(":");
      const { dim, unit } = channels[fullname] as { dim: 0 | 1 | 2; unit?: string };
      return {
        ...{ kind: "detector", name: path.at(-1)!, detector, dim },
        ...(path.length > 1 && { part: path[0]! }),
        ...(unit !== undefined && { unit }),
      };
    });
  return detector;
}

type Stream = Recording["scans"][number]["streams"][string];
function shapeOf({ encoding }: Stream): ChannelShape {
  if (encoding.type === "json")
    return { dtype: "uint16", shape: [48, 64], images: { serverUrl: "tango://host/a/b/c", bufferMaxNumber: 64, framesPerAcquisition: 3 } }; // biome-ignore format: one glance
  return { dtype: dtypes[encoding.dtype_str as string]!, shape: encoding.shape as number[] };
}
/** Zeros where the recording has chance. */
function pointOf({ values }: Stream, { dtype, shape, images }: ChannelShape, point: number): BlockValues {
  if (images) return { lastIndex: point, lastIndexSaved: point };
  const array = arrayOf(
    dtype,
    shape.reduce((product, n) => product * n, 1),
  );
  if (Array.isArray(values)) array.set([values[point]].flat() as never);
  return array;
}
