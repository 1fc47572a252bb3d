// SPDX-License-Identifier: MIT
// plot: the last scan in characters; of spectra and images the newest point.

import { fullnameOf } from "../chain/calc.ts";
import { pictureLines } from "../display/picture.ts";
import { plotLines } from "../display/plot.ts";
import { widthOf } from "../display/screen.ts";
import type { Channel } from "../events.ts";
import type { Counter, Detector, Picture } from "../protocols.ts";
import type { ScanRun } from "../run.ts";
import { abscissae, counterOf } from "./alignment.ts";
import type { Desk } from "./desk.ts";

export interface PlotVerbs {
  /** The selected counter of the last scan, or the one named: a curve, of a mesh a map, a spectrum, an image. */
  plot(counter?: Counter | string, scan?: ScanRun): Promise<void>;
}

export const plotVerbs = (desk: Desk): PlotVerbs => ({
  async plot(counter, scan = desk.session.lastScan) {
    const width = Math.min(100, widthOf(desk.screen));
    const array = counter === undefined ? undefined : arrayOf(scan, counter);
    if (array?.channel.dim === 2) {
      const label = `${array.channel.fullname} of point ${scan.points - 1}`;
      desk.print(...pictureLines(await pictureIn(desk, array), { width: width - 2, label }));
    } else if (array) {
      const values = numbersIn(array);
      desk.print(...plotLines([...values.keys()], values, { width, yLabel: array.channel.name, xLabel: "channel" }));
    } else {
      const y = counterOf(desk.session, scan, counter);
      const [x = "timer:elapsed_time", slow] = abscissae(desk.session, scan, undefined);
      if (scan.info.data_dim === 2 && slow !== undefined) {
        desk.print(...pictureLines(mapOf(scan, y, x, slow), { width: width - 2, label: `${y}  (${scan.title})` }));
        return;
      }
      const labels = { yLabel: `${y}  (${scan.title})`, xLabel: x.slice(x.lastIndexOf(":") + 1) };
      desk.print(...plotLines(scan.data(x), scan.data(y), { width, ...labels }));
    }
  },
});

/** Characters a map is wide at least, as far as whole points allow. */
const mapWidth = 60;

/** A mesh from above: each point where its axes were, the first axis to the right, the second downwards. */
function mapOf(scan: ScanRun, channel: string, right: string, down: string): Picture {
  const [columns, rows] = [Number(scan.info.npoints1), Number(scan.info.npoints2)];
  const [x, y, values] = [scan.data(right), scan.data(down), scan.data(channel)];
  const [column, row] = [placesOf(scan, 0, columns), placesOf(scan, 1, rows)];
  const enlarged = Math.max(1, Math.floor(mapWidth / Math.max(columns, rows)));
  const [width, height] = [columns * enlarged, rows * enlarged];
  const pixels = new Float64Array(width * height).fill(Number.NaN);
  for (let point = 0; point < values.length; point++) {
    const [left, top] = [column(x[point]!) * enlarged, row(y[point]!) * enlarged];
    for (let line = top; line < top + enlarged; line++)
      pixels.fill(values[point]!, line * width + left, line * width + left + enlarged);
  }
  return { values: pixels, width, height };
}

/** The nearest of the points of an axis. */
function placesOf({ info }: ScanRun, axis: 0 | 1, points: number): (position: number) => number {
  const [start, stop] = [(info.start as number[])[axis]!, (info.stop as number[])[axis]!];
  const step = (stop - start) / Math.max(1, points - 1);
  return (position) => (step === 0 ? 0 : Math.max(0, Math.min(points - 1, Math.round((position - start) / step))));
}

/** A channel of spectra or images, and its newest point. */
interface ArrayChannel {
  readonly channel: Channel;
  readonly value: unknown;
  readonly point: number;
}

function arrayOf(scan: ScanRun, counter: Counter | string): ArrayChannel | undefined {
  const wanted = typeof counter === "string" ? counter : fullnameOf(counter);
  const index = scan.channels.findIndex(({ dim, name, fullname }) => dim > 0 && [name, fullname].includes(wanted));
  const channel = scan.channels[index];
  if (!channel) return undefined;
  const point = scan.points - 1;
  return { channel, value: scan.row(point)?.[scan.names[index] ?? ""], point };
}

/** @throws RangeError when there is no point yet */
function numbersIn({ channel, value, point }: ArrayChannel): Float64Array {
  if (ArrayBuffer.isView(value)) return Float64Array.from(value as unknown as ArrayLike<number>, Number);
  throw new RangeError(`${channel.fullname}: no ${point < 0 ? "point yet" : "values are kept"}`);
}

/** Frames that stay with the detector are asked of it. */
async function pictureIn({ session }: Desk, array: ArrayChannel): Promise<Picture> {
  const { channel, point } = array;
  const [height = 1, width = 1] = channel.shape;
  if (channel.encoding !== "images") return { values: numbersIn(array), width, height };
  const name = channel.fullname.split(":", 1)[0]!;
  const detector = session.object(name) as Partial<Detector>;
  if (!detector.picture) throw new TypeError(`${name} does not show its images`);
  return detector.picture(point, { timeout: 10_000 });
}
