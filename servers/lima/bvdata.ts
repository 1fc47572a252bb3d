// SPDX-License-Identifier: MIT
// What a beam position monitor sends of each frame: numbers, profiles and a picture, packed as Python's struct module does.
import type { Encoded } from "../../tango/idl/tango-types.ts";
import type { Beam } from "./beam.ts";

export interface BeamView extends Beam {
  /** Seconds from the start of the acquisition. */
  readonly time: number;
  readonly frame: number;
  readonly jpeg: Uint8Array;
  readonly profiles: boolean;
  /** Pixels of the image: width, height. */
  readonly region: readonly [number, number];
}

/** The format, which changes with the picture's size, is the `format` of the encoded value. */
export function bvdata(view: BeamView): Encoded {
  const bytes = (projection: Float64Array) =>
    new Uint8Array(BigInt64Array.from(view.profiles ? projection : [], (value) => BigInt(Math.round(value))).buffer);
  const [x, y] = [bytes(view.projectionX), bytes(view.projectionY)];
  const picture = Buffer.from(Buffer.from(view.jpeg).toString("base64"));
  const format = `dldddliiiidd${x.length}s${y.length}s${picture.length}s`;
  return { format, data: Buffer.concat([numbers(view), x, y, picture]) };
}

/** All of them fall on multiples of their size: native alignment adds nothing. */
function numbers({ time, frame, x, y, intensity, max, region, fwhmX, fwhmY }: BeamView): Uint8Array {
  const view = new DataView(new ArrayBuffer(80));
  view.setFloat64(0, time, true);
  view.setBigInt64(8, BigInt(frame), true);
  view.setFloat64(16, x, true);
  view.setFloat64(24, y, true);
  view.setFloat64(32, intensity, true);
  view.setBigInt64(40, BigInt(Math.round(max)), true);
  view.setInt32(48, 0, true);
  view.setInt32(52, 0, true);
  view.setInt32(56, region[0], true);
  view.setInt32(60, region[1], true);
  view.setFloat64(64, fwhmX, true);
  view.setFloat64(72, fwhmY, true);
  return new Uint8Array(view.buffer);
}
