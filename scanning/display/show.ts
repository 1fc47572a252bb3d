// SPDX-License-Identifier: MIT
// A running scan on a screen: title, points as they come, progress, and how it ended.
import { duration } from "../dry-run.ts";
import type { ScanResult, ScanRun } from "../run.ts";
import { countLines } from "./counts.ts";
import { livePeak } from "./live-peak.ts";
import { progressLine } from "./progress.ts";
import { Lines, type Screen, widthOf } from "./screen.ts";
import { heading, notShown, rowLine, tableOf } from "./table.ts";

/** Milliseconds: points coming faster are written together. */
const flushPeriod = 50;
/** Milliseconds between two looks at the clock while nothing comes. */
const tick = 500;

/**
 * Follows a scan to its end. A failure is not thrown here but by `run.done()`. Of a sequence `partsShown` says when its scans
 * have been shown.
 * @throws what refused the scan before it began
 */
export async function showScan(
  run: ScanRun,
  screen: Screen,
  partsShown: () => Promise<void> = async () => {},
): Promise<ScanResult> {
  await run.opened();
  const began = performance.now();
  using lines = new Lines(screen);
  lines.add(opening(run));
  if (run.info.is_scan_sequence) {
    // It has scans, not points.
    lines.flush();
    await run.ended;
    await partsShown();
  } else await (run.info.type === "ct" ? showCount(run, lines) : showPoints(run, lines, screen));
  const result = await run.ended;
  lines.add(closing(run, result, (performance.now() - began) / 1000));
  return result;
}

async function showPoints(run: ScanRun, lines: Lines, screen: Screen): Promise<void> {
  const table = tableOf(run.channels, run.names, widthOf(screen));
  const peak = livePeak(run.channels, run.names, selectedIn(run));
  const total = Math.max(0, Number(run.info.npoints));
  const began = performance.now();
  let done = 0;
  let flushed = Number.NEGATIVE_INFINITY;
  const flush = () => {
    flushed = performance.now();
    const progress = { done, total, seconds: (flushed - began) / 1000, note: peak?.toString() ?? "" };
    lines.flush(progressLine(progress, widthOf(screen) - 1));
  };
  lines.add(...notShown(table), ...heading(table));
  flush();
  const ticking = setInterval(flush, tick);
  try {
    for await (const row of run) {
      lines.add(rowLine(table, done++, row));
      peak?.see(row);
      if (done === run.points || performance.now() - flushed > flushPeriod) flush();
    }
  } catch {
    // told by run.done()
  } finally {
    clearInterval(ticking);
  }
}

async function showCount(run: ScanRun, lines: Lines): Promise<void> {
  lines.flush();
  await run.ended;
  const row = run.row(0);
  if (row) lines.add(...countLines(run.channels, run.names, row, Number(run.info.count_time)));
}

const selectedIn = ({ info }: ScanRun): readonly string[] =>
  (info.display_extra as { plotselect?: readonly string[] } | undefined)?.plotselect ?? [];

function opening({ info, title }: ScanRun): string {
  const saved = info.save !== false && typeof info.filename === "string";
  return saved ? `Scan ${info.scan_nb}: ${title}  (${info.filename})` : `${title}  (not saved)`;
}

/** `Took 2.1 s`, or why there are fewer points than asked for. */
export function closing(run: ScanRun, { reason, points }: ScanResult, seconds: number): string {
  const took = `Took ${duration(seconds)}`;
  if (reason === "SUCCESS") return took;
  const total = Number(run.info.npoints);
  const words = reason === "USER_ABORT" ? "aborted" : "FAILED";
  return `${took}, ${words} after ${points}${total > 0 ? ` of ${total}` : ""} points; what was measured is kept`;
}
