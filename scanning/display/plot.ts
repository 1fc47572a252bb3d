// SPDX-License-Identifier: MIT
// A curve in characters: each is 2 x 4 dots, so that a terminal shows as much as a small picture.
import { written } from "./numbers.ts";

export interface PlotOptions {
  /** Characters, labels included. */
  readonly width?: number;
  readonly height?: number;
  readonly xLabel?: string;
  readonly yLabel?: string;
}

type Numbers = ArrayLike<number>;

/** Points in their order, joined by lines; those that are not finite are left out. */
export function plotLines(x: Numbers, y: Numbers, options: PlotOptions = {}): string[] {
  const { width = 80, height = 15, xLabel = "", yLabel = "" } = options;
  const points = finite(x, y);
  if (points.length === 0) return [`${yLabel}: no finite value`];
  const [left, right] = bounds(points.map(([at]) => at));
  const [bottom, top] = bounds(points.map(([, value]) => value));
  const labels = [top, bottom].map((value) => written(value));
  const margin = Math.max(...labels.map((label) => label.length));
  const canvas = new Canvas(Math.max(10, width - margin - 2), height);
  const column = scaled(left, right, canvas.columns - 1);
  const row = scaled(top, bottom, canvas.rows - 1);
  let before: readonly [number, number] | undefined;
  for (const [at, value] of points) {
    const here = [column(at), row(value)] as const;
    canvas.line(before ?? here, here);
    before = here;
  }
  const drawn = canvas.lines().map((text, i) => {
    const label = i === 0 ? labels[0]! : i === height - 1 ? labels[1]! : "";
    return `${label.padStart(margin)} ┤${text}`.trimEnd();
  });
  return [`${" ".repeat(margin)}  ${yLabel}`.trimEnd(), ...drawn, below(margin, canvas.width, left, right, xLabel)];
}

/** First and last position, the label between them. */
function below(margin: number, width: number, left: number, right: number, label: string): string {
  const [first, last] = [written(left), written(right)];
  const room = Math.max(label.length + 2, width - first.length - last.length);
  const middle = label.padStart(Math.floor((room + label.length) / 2)).padEnd(room);
  return `${" ".repeat(margin + 2)}${first}${middle}${last}`;
}

function finite(x: Numbers, y: Numbers): [number, number][] {
  const all = Array.from({ length: Math.min(x.length, y.length) }, (_, i): [number, number] => [x[i]!, y[i]!]);
  return all.filter(([at, value]) => Number.isFinite(at) && Number.isFinite(value));
}
function bounds(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}
/** From `from`..`to` to 0..`last`; the middle where both are equal. */
const scaled = (from: number, to: number, last: number) => (value: number) =>
  Math.round(from === to ? last / 2 : ((value - from) / (to - from)) * last);

/** Bits of the dots of one braille character, by row and column. */
const dots = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]] as const; // biome-ignore format: a table
const blank = 0x2800;

class Canvas {
  readonly width: number;
  readonly #cells: Uint8Array;
  readonly #height: number;

  /** In characters. */
  constructor(width: number, height: number) {
    this.width = width;
    this.#height = height;
    this.#cells = new Uint8Array(width * height);
  }
  get columns(): number {
    return 2 * this.width;
  }
  get rows(): number {
    return 4 * this.#height;
  }
  #dot(column: number, row: number): void {
    this.#cells[(row >> 2) * this.width + (column >> 1)]! |= dots[row & 3]![column & 1]!;
  }
  line([fromColumn, fromRow]: readonly [number, number], [toColumn, toRow]: readonly [number, number]): void {
    const steps = Math.max(Math.abs(toColumn - fromColumn), Math.abs(toRow - fromRow), 1);
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      const column = Math.round(fromColumn + part * (toColumn - fromColumn));
      this.#dot(column, Math.round(fromRow + part * (toRow - fromRow)));
    }
  }
  lines(): string[] {
    return Array.from({ length: this.#height }, (_, row) =>
      Array.from(this.#cells.subarray(row * this.width, (row + 1) * this.width), (bits) =>
        bits === 0 ? " " : String.fromCharCode(blank + bits),
      ).join(""),
    );
  }
}
