// SPDX-License-Identifier: MIT
// The default plot of an entry: the channels somebody chose to look at, against the scanned axes.
import type { ScanInfo } from "../../scanning/index.ts";
import type { DeviceGroup, Place } from "./devices.ts";
import { floats, group, type H5Item, type SpaceSelection, softLink, type VirtualMap } from "./h5map.ts";
import { channelInfo, dict, list, number, string } from "./scan-info.ts";

/** A grid whose lines run back and forth is mapped point by point: beyond this many points it is not worth its size. */
const mostSinglePoints = 2048;

/** Undefined when none of the chosen channels is in the scan. */
export function plotSelection(entry: string, info: ScanInfo, devices: readonly DeviceGroup[]): H5Item | undefined {
  const extra = dict(info.display_extra);
  const chosen = [extra.displayed_channels, extra.plotselect].map(list).find((channels) => channels.length) ?? [];
  const places = devices.flatMap((device) => device.places);
  const signals = chosen.flatMap((name) => places.find(({ channel }) => channel.fullname === name) ?? []);
  const [first, ...others] = signals;
  if (!first) return undefined;
  const grid = gridOf(info, places);
  const axes = grid?.axes.map((axis) => axis.place) ?? firstAxis(devices);
  const name = (place: Place): string => (place.principal ? place.group : `${place.group}_${place.dataset}`);
  const target = (place: Place): string => `${entry}/instrument/${place.group}/${place.dataset}`;
  const signal = (place: Place) => [name(place), grid ? onGrid(grid, place, target(place)) : softLink(target(place))];
  const axis = (place: Place, index: number) => [
    name(place),
    grid ? floats(grid.axes[index]?.positions ?? []) : softLink(target(place)),
  ];
  return group("NXdata", Object.fromEntries([...axes.map(axis), ...signals.map(signal)]), {
    signal: name(first),
    ...(others.length ? { auxiliary_signals: others.map(name) } : {}),
    ...(axes.length ? { axes: axes.map(name) } : {}),
  });
}

/** The first scanned axis, or the time where none is. */
function firstAxis(devices: readonly DeviceGroup[]): Place[] {
  const place = devices.find((device) => device.nxClass === "NXpositioner")?.places[0];
  return place ? [place] : [];
}

interface GridAxis {
  readonly place: Place;
  readonly positions: readonly number[];
  readonly backAndForth: boolean;
}
/** Axes of a mesh, slowest first. */
interface Grid {
  readonly axes: readonly GridAxis[];
}

function gridOf(info: ScanInfo, places: readonly Place[]): Grid | undefined {
  const axes = places.flatMap((place) => {
    const about = channelInfo(info, place.channel.fullname);
    const [id, points, start, stop] = ["axis_id", "axis_points", "start", "stop"].map((key) => number(about[key]));
    if (id === undefined || !points || start === undefined || stop === undefined) return [];
    const step = points > 1 ? (stop - start) / (points - 1) : 0;
    const positions = Array.from({ length: points }, (_, index) => start + index * step);
    return [{ id, place, positions, backAndForth: string(about.axis_kind) === "backnforth" }];
  });
  axes.sort((a, b) => b.id - a.id);
  return axes.length > 1 ? { axes } : undefined;
}

/** The points of a channel as an image: one line of the fastest axis after the other. */
function onGrid({ axes }: Grid, place: Place, source: string): H5Item {
  const shape = axes.map((axis) => axis.positions.length);
  const line = shape.at(-1) ?? 1;
  const total = shape.reduce((product, length) => product * length, 1);
  const backAndForth = axes.at(-1)?.backAndForth === true;
  if (backAndForth && total > mostSinglePoints) return softLink(source);
  const sources: VirtualMap["virtual_sources"][number][] = [];
  const inner = (count: number) => shape.map((_, dimension) => (dimension === shape.length - 1 ? count : 1));
  const map = (row: number, column: number, from: number, count: number) =>
    sources.push({
      vspace: { start: [...indices(row, shape.slice(0, -1)), column], count: inner(count) },
      src_file: ".",
      src_dataset: source,
      src_space: { start: [from], count: [count] } satisfies SpaceSelection,
    });
  for (let row = 0; row < total / line; row++) {
    if (!backAndForth || row % 2 === 0) map(row, 0, row * line, line);
    else for (let column = 0; column < line; column++) map(row, column, (row + 1) * line - 1 - column, 1);
  }
  return {
    type: "virtual_dataset",
    dtype: place.channel.dtype === "float64" ? "<f8" : (dtypes[place.channel.dtype] ?? "<f8"),
    shape,
    virtual_sources: sources,
    attributes: { interpretation: "image" },
  };
}
const dtypes: Readonly<Record<string, string>> = {
  float32: "<f4", int64: "<i8", int32: "<i4", int16: "<i2", int8: "|i1",
  uint64: "<u8", uint32: "<u4", uint16: "<u2", uint8: "|u1", bool: "|b1",
}; // biome-ignore format: one glance

/** Indices of the n-th cell, C order. */
function indices(n: number, shape: readonly number[]): number[] {
  const result: number[] = [];
  for (const length of [...shape].reverse()) {
    result.unshift(n % length);
    n = Math.floor(n / length);
  }
  return result;
}
