// SPDX-License-Identifier: MIT
// Commands of camserver that set or tell a value, as a table: what they change, and what camserver answers.

export interface CamserverState {
  exposureTime: number;
  exposurePeriod: number;
  images: number;
  delay: number;
  exposuresPerFrame: number;
  imagePath: string;
  gain: string;
  threshold: number;
  energy: number;
  gapFill: number;
  region: string;
  acknowledgeInterval: number;
  debugLevel: number;
  readonly header: Map<string, string>;
}

export const initialState = (imagePath: string): CamserverState => ({
  ...{ exposureTime: 1, exposurePeriod: 1.05, images: 1, delay: 0, exposuresPerFrame: 1, imagePath },
  ...{ gain: "mid", threshold: 6300, energy: 12_600, gapFill: 0, region: "0", acknowledgeInterval: 0, debugLevel: 1 },
  header: new Map(),
});

/** @throws Error saying what is wrong with the words. */
export type Setting = (state: CamserverState, words: string) => readonly [code: number, text: string];

const number = (words: string, what: string, min: number): number => {
  const value = Number(words);
  if (!(Number.isFinite(value) && value >= min)) throw new Error(`ERROR: bad ${what}: ${words}`);
  return value;
};

/** A number that is told when none is given. */
const numeric =
  (
    key:
      | "exposureTime"
      | "exposurePeriod"
      | "images"
      | "delay"
      | "exposuresPerFrame"
      | "gapFill"
      | "acknowledgeInterval"
      | "debugLevel",
    min: number,
    text: (value: number) => string,
  ): Setting =>
  (state, words) => {
    if (words !== "") state[key] = number(words, key, min);
    return [15, text(state[key])];
  };

const gainWords: Readonly<Record<string, string>> = { lowg: "low", midg: "mid", highg: "high", uhighg: "ultra high" };
const thresholdText = ({ gain, threshold }: CamserverState) =>
  ` Settings: ${gain} gain; threshold: ${threshold} eV; vcmp: 0.654 V\n Trim file:\n  /home/det/p2_det/config/calibration/emulated.bin`;

function setThreshold(state: CamserverState, words: string): readonly [number, string] {
  if (words === "") return [15, thresholdText(state)];
  const energy = /^energy\s+(\S+)(?:\s+(\S+))?$/i.exec(words);
  if (energy) {
    state.energy = number(energy[1] ?? "", "energy", 1);
    state.threshold = energy[2] === undefined ? state.energy / 2 : number(energy[2], "threshold", 1);
    return [15, "/tmp/setthreshold.cmd"];
  }
  const [first = "", second] = words.split(/\s+/);
  const gain = gainWords[first.toLowerCase()];
  if (second !== undefined && gain === undefined) throw new Error(`ERROR: unknown gain setting: ${words}`);
  state.threshold = number(second ?? first, "threshold", 0);
  if (gain !== undefined) state.gain = gain;
  return [15, "/tmp/setthreshold.cmd"];
}

export const settings: Readonly<Record<string, Setting>> = {
  exptime: numeric("exposureTime", 1e-7, (seconds) => `Exposure time set to: ${seconds.toFixed(7)} sec.`),
  expperiod: numeric("exposurePeriod", 1e-3, (seconds) => `Exposure period set to: ${seconds.toFixed(7)} sec`),
  nimages: numeric("images", 1, (count) => `N images set to: ${count}`),
  delay: numeric("delay", 0, (seconds) => `Delay time set to: ${seconds.toFixed(6)} sec.`),
  nexpframe: numeric("exposuresPerFrame", 1, (count) => `Exposures per frame set to: ${count}`),
  setackint: numeric("acknowledgeInterval", 0, (count) => `Acknowledgement interval is ${count}`),
  dbglvl: numeric("debugLevel", 0, (level) => `Debug level is ${level}`),
  gapfill: numeric("gapFill", -1, (value) => `Detector gap-fill is: ${value}`),
  imgpath: (state, words) => {
    if (words !== "") state.imagePath = `${words.replace(/\/+$/, "")}/`;
    return [10, state.imagePath];
  },
  setthreshold: setThreshold,
  setenergy: (state, words) => {
    if (words === "") return [15, `Energy setting: ${state.energy} eV`];
    state.energy = number(words, "energy", 1);
    state.threshold = state.energy / 2;
    return [15, "/tmp/setthreshold.cmd"];
  },
  setroi: (state, words) => {
    if (words !== "") state.region = words;
    return [15, `ROI: ${state.region === "0" ? "full image" : state.region}`];
  },
  mxsettings: (state, words) => {
    const [key, ...value] = words.split(/\s+/);
    if (key) state.header.set(key, value.join(" "));
    return [15, "mxsettings"];
  },
  version: () => [24, "Code release: tvx-7.3.13-121212"],
  thread: () => [
    215,
    "Channel 0: Temperature = 31.4C, Rel. Humidity = 22.1%;\n Channel 1: Temperature = 25.8C, Rel. Humidity = 29.3%",
  ],
  df: () => [5, "1000000"],
  telemetry: () => [18, "Image format: emulated"],
  resetcam: () => [15, ""],
  resetmodulepower: (_, words) => [15, `Module power reset, ${number(words || "1", "time", 0)} s`],
}; // biome-ignore format: a table
/** What users may type for short. */
export const shortNames: Readonly<Record<string, string>> = {
  expt: "exptime",
  expp: "expperiod",
  ni: "nimages",
  th: "thread",
  setthr: "setthreshold",
};
