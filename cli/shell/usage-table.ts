// SPDX-License-Identifier: MIT
// Every verb of the shell: how it is used, and what for.
import { usages } from "../../scanning/index.ts";

export interface Usage {
  readonly arguments: string;
  readonly about: string;
}

const scans: Readonly<Record<string, string>> = {
  ct: "count once, unsaved",
  sct: "count once, saved",
  loopscan: "count again and again; 0 points: until stopped",
  timescan: "count until stopped",
  ascan: "step an axis from start to stop",
  dscan: "the same, relative to where it is; it returns",
  lineup: "a dscan, then to the peak",
  a2scan: "step two axes together (a3scan, a4scan, a5scan: more)",
  d2scan: "the same, relative (d3scan, d4scan, d5scan: more)",
  anscan: "step any number of axes together (dnscan: relative)",
  pointscan: "an axis to the positions given",
  lookupscan: "several axes to the positions given",
  amesh: "all combinations of two axes (a3mesh: three); { backnforth: true }",
  dmesh: "the same, relative (d3mesh: three)",
  anmesh: "all combinations of any number of axes",
  ascanct: "an ascan that does not stop at its points; { latency, undershoot }",
  dscanct: "the same, relative",
  anscanct: "several axes continuously",
  ameshct: "an amesh whose first axis moves continuously",
  lookupscanct: "several axes through the positions given, without stopping (controllers with trajectories)",
  sequence: "a scan made of scans",
};
const counters = "...counters, { options }";
const along = `start, stop, intervals, count_time, ${counters}`;
const alongAll = `h1, h2, k1, k2, l1, l2, intervals, count_time, ${counters}`;
const others: Readonly<Record<string, readonly [string, string]>> = {
  hscan: [along, "an ascan of the axis h (kscan, lscan: of k, of l)"],
  kscan: [along, ""],
  lscan: [along, ""],
  hdscan: [along, "the same, relative (kdscan, ldscan)"],
  kdscan: [along, ""],
  ldscan: [along, ""],
  hklscan: [alongAll, "h, k and l together (hkldscan: relative)"],
  hkldscan: [alongAll, ""],
  run: ["scan", "run a scan made with plan.ascan(...)"],
  mv: ["motor, position, ...", "move axes together"],
  mvr: ["motor, distance, ...", "move by a distance"],
  umv: ["motor, position, ...", "move with live positions"],
  umvr: ["motor, distance, ...", "move by a distance with live positions"],
  mvd: ["motor, dial, ...", "mv, mvr, umv, umvr in dial positions: mvd, mvdr, umvd, umvdr"],
  mvdr: ["motor, distance, ...", ""],
  umvd: ["motor, dial, ...", ""],
  umvdr: ["motor, distance, ...", ""],
  wa: ["", "where all axes are"],
  wu: ["", "where all axes are, user positions only"],
  wm: ["...motors", "positions and limits of some axes"],
  sta: ["", "states of all axes"],
  stm: ["...motors", "states of some axes"],
  lsmot: ["", "names of all axes"],
  plotselect: ["...counters", "choose the counter for the following"],
  plotinit: ["...counters", "counters displayed with the next scan only"],
  plot: ["counter, scan", "the curve of the last scan; of spectra and images the newest point"],
  cen: ["counter, axis, scan", "centre of the peak or edge; all arguments may be left out, here and below"],
  com: ["counter, axis, scan", "centre of mass"],
  peak: ["counter, axis, scan", "where the largest value is"],
  trough: ["counter, axis, scan", "where the smallest value is"],
  fwhm: ["counter, axis, scan", "full width at half maximum"],
  find_position: ["(x, y) => position, counter, axis, scan", "with a function of your own"],
  goto_cen: ["counter, axis, scan", "move there"],
  goto_com: ["counter, axis, scan", "move there"],
  goto_peak: ["counter, axis, scan", "move there"],
  goto_min: ["counter, axis, scan", "move there"],
  goto_custom: ["(x, y) => position, counter, axis, scan", "move there"],
  start_monitoring: ["name, count_time, ...counters, { sleepTime }", "read counters in the background"],
  stop_monitoring: ["name", "end one, or all"],
  clean_monitoring: ["name", "end and forget one, or all"],
  lsmonitoring: ["", "the monitoring scans"],
  fit: ["shape, counter, axis, scan", 'fit "gaussian" (default), "lorentzian", "pseudovoigt" or "edge"'],
  goto_fit: ["shape, counter, axis, scan", "move to the centre of a fit"],
  align: [
    "motor, start, stop, intervals, count_time, counter, { to }",
    "a dscan, then to the centre; to: cen, peak, com, trough or a shape",
  ],
  newproposal: ["name, session", "ESRF data policy: go on in another proposal"],
  newsample: ["name", "ESRF data policy: go on with another sample"],
  newcollection: ["name", "ESRF data policy: go on in another collection"],
  newdataset: ["name", "ESRF data policy: go on in another dataset"],
  enddataset: ["", "ESRF data policy: the dataset is done, the next scan begins another"],
  endproposal: ["", "ESRF data policy: back to the in-house proposal"],
  scan_saving: ["", "where data go"],
  lsmg: ["", "measurement groups"],
  lscnt: ["...counters", "what counters there are: all, or some"],
  comment: ["text", "into the document of the scan that runs, or else of the next"],
  note: ["text", "into notes.txt beside the data (elog_print: the same)"],
  elog_print: ["text", ""],
  elog_add: ["", "note what the last scan was"],
  lsnotes: ["count = 20", "the last notes"],
  lsobj: ["", "all objects"],
  open_session: ["file", "go on in another session, without leaving"],
  lsscans: ["", "the last scans"],
  // Names of `bandoneon shell`, not of every session.
  device: ["name", ""],
  openAxis: ["name, device, { attribute, encoder }", ""],
  openCounters: ["device, { name: attribute }", ""],
  openCamera: ["name, device, { rois }", ""],
  openSpectrometer: ["name, device, { rois }", ""],
  openGate: ["name, device, { open, close, attribute }", ""],
  help: ["verb", "this list, or how a verb is used"],
};

/** By verb, in the order they are listed. */
export const verbUsages: Readonly<Record<string, Usage>> = {
  ...Object.fromEntries(
    Object.entries(usages).map(([verb, words]) => [verb, { arguments: words, about: scans[verb] ?? "" }]),
  ),
  mesh: { arguments: usages.amesh ?? "", about: "as amesh" },
  ...Object.fromEntries(
    Object.entries(others).map(([verb, [words, about]]) => [verb, { arguments: words, about }] as const),
  ),
};
