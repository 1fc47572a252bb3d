// SPDX-License-Identifier: MIT
// plot: the last scan in characters; a spectrum is that of the newest point.

import { fullnameOf } from "../chain/calc.ts";
import { plotLines } from "../display/plot.ts";
import { widthOf } from "../display/screen.ts";
import type { Counter } from "../protocols.ts";
import type { ScanRun } from "../run.ts";
import { abscissae, counterOf } from "./alignment.ts";
import type { Desk } from "./desk.ts";

export interface PlotVerbs {
  /** The selected counter of the last scan, or those named. */
  plot(counter?: Counter | string, scan?: ScanRun): void;
}

export const plotVerbs = (desk: Desk): PlotVerbs => ({
  plot(counter, scan = desk.session.lastScan) {
    const width = Math.min(100, widthOf(desk.screen));
    const spectrum = counter === undefined ? undefined : spectrumOf(scan, counter);
    if (spectrum) {
      const channels = Array.from(spectrum.values.keys());
      desk.print(...plotLines(channels, spectrum.values, { width, yLabel: spectrum.name, xLabel: "channel" }));
      return;
    }
    const y = counterOf(desk.session, scan, counter);
    const [x = "timer:elapsed_time"] = abscissae(desk.session, scan, undefined);
    const labels = { yLabel: `${y}  (${scan.title})`, xLabel: x.slice(x.lastIndexOf(":") + 1) };
    desk.print(...plotLines(scan.data(x), scan.data(y), { width, ...labels }));
  },
});

function spectrumOf(scan: ScanRun, counter: Counter | string) {
  const wanted = typeof counter === "string" ? counter : fullnameOf(counter);
  const index = scan.channels.findIndex(({ dim, name, fullname }) => dim === 1 && [name, fullname].includes(wanted));
  const name = scan.names[index];
  const values = name === undefined ? undefined : scan.row(scan.points - 1)?.[name];
  return name !== undefined && ArrayBuffer.isView(values)
    ? { name, values: Float64Array.from(values as unknown as ArrayLike<number>, Number) }
    : undefined;
}
