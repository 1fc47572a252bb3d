// SPDX-License-Identifier: MIT
// How each verb is used: for its errors, and for the shell's help while typing.

const counters = "...counters, { options }";
const several = (count: number) =>
  Array.from({ length: count }, (_, i) => `motor${i + 1}, start${i + 1}, stop${i + 1}`).join(", ");
const meshed = (count: number) =>
  Array.from({ length: count }, (_, i) => `motor${i + 1}, start${i + 1}, stop${i + 1}, intervals${i + 1}`).join(", ");

export const usages: Readonly<Record<string, string>> = {
  ct: `count_time = 1, ${counters}`,
  sct: `count_time = 1, ${counters}`,
  loopscan: `npoints, count_time, ${counters}`,
  timescan: `count_time, ${counters}`,
  ascan: `motor, start, stop, intervals, count_time, ${counters}`,
  dscan: `motor, start, stop, intervals, count_time, ${counters}`,
  lineup: "motor, start, stop, intervals, count_time, counter, { options }",
  a2scan: `${several(2)}, intervals, count_time, ${counters}`,
  a3scan: `${several(3)}, intervals, count_time, ${counters}`,
  a4scan: `${several(4)}, intervals, count_time, ${counters}`,
  a5scan: `${several(5)}, intervals, count_time, ${counters}`,
  d2scan: `${several(2)}, intervals, count_time, ${counters}`,
  d3scan: `${several(3)}, intervals, count_time, ${counters}`,
  d4scan: `${several(4)}, intervals, count_time, ${counters}`,
  d5scan: `${several(5)}, intervals, count_time, ${counters}`,
  anscan: `[[motor, start, stop], ...], intervals, count_time, ${counters}`,
  dnscan: `[[motor, start, stop], ...], intervals, count_time, ${counters}`,
  pointscan: `motor, positions, count_time, ${counters}`,
  lookupscan: `[[motor, positions], ...], count_time, ${counters}`,
  amesh: `${meshed(2)}, count_time, ${counters}`,
  dmesh: `${meshed(2)}, count_time, ${counters}`,
  a3mesh: `${meshed(3)}, count_time, ${counters}`,
  d3mesh: `${meshed(3)}, count_time, ${counters}`,
  ascanct: `motor, start, stop, intervals, count_time, ${counters}`,
  dscanct: `motor, start, stop, intervals, count_time, ${counters}`,
  anscanct: `[[motor, start, stop], ...], intervals, count_time, ${counters}`,
  ameshct: `${meshed(2)}, count_time, ${counters}`,
  lookupscanct: `[[motor, positions], ...], count_time, ${counters}`,
  sequence: "title, async ({ run, emit }) => { ... }, { channels: { name: { unit } } }",
  anmesh: `[[motor, start, stop, intervals], ...], count_time, ${counters}`,
};
