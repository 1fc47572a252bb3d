// SPDX-License-Identifier: MIT
// Everything that was typed into the real shell of BLISS 2.4.0, typed into ours, in the same order: what it showed, ours
// shows, in its own layout. Where one types something else here, or sees something else, the table says it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { startShell } from "../../cli/shell/start.ts";
import * as s from "../../scanning/index.ts";
import { type Bench, bench, meanOf } from "./bliss-world.ts";

interface Typed {
  readonly command: string;
  /** Without what stood there while it ran. */
  readonly showed: string;
  /** Ended by Ctrl-C. */
  readonly stopped: boolean;
}
function recorded(): Typed[] {
  const text = readFileSync(join(import.meta.dirname, "bliss/shell.txt"), "utf8");
  const parts = text.split(/^>>> /m).slice(1);
  return parts.map((part) => {
    const [command = "", ...lines] = part.replace(/^=+ .* =+$/gm, "").split("\n");
    const showed = lines.filter((line) => !line.startsWith("~~")).join("\n");
    return { command, showed, stopped: /ScanAbort|KeyboardInterrupt/.test(showed) };
  });
}

interface Ours {
  /** What one types here. Default: the same. */
  readonly type?: string;
  readonly shows: RegExp;
}
const title = /^Scan\(ascan robx 0\.00000 1\.00000 2 0\.05(; 3 points, DONE)?\)\n$/;
const ours: Readonly<Record<string, Ours>> = {
  // State is Tango's word, and the device's own.
  "sta()": { shows: /^Axis +State\n(rob\w+ +READY\n){5}(s1\w+ +READY\n){4}$/ },
  "stm(robx,roby)": { shows: /^Axis +State\nrobx +READY\nroby +READY\n$/ },
  "lsmot()": { shows: /^robe {2}robslow {2}robx {2}roby {2}robz {2}s1d {2}s1u {2}s1vg {2}s1vo\n$/ },
  // In JavaScript a list has brackets.
  "robx.limits": { shows: /^-100, 100\n$/ },
  "robx.limits=-10,10": { type: "robx.limits = [-10, 10]", shows: /^robx: limits changed from -100,100 to -10,10\n$/ },
  "robx.limits=-100,100": { type: "robx.limits = [-100, 100]", shows: /^robx: limits changed from -10,10 to -100,100\n$/ }, // biome-ignore format: one glance
  "robx.position=5": { shows: /^robx: position reset from 2 to 5, offset changed from 0 to 3\n$/ },
  "robx.offset=0": { shows: /^robx: offset changed from 3 to 0\n$/ },
  "robx.sign": { shows: /^$/ },
  "robx.state": { shows: /^READY\n$/ },
  "robx.velocity=1000": { shows: /^robx: velocity changed from Infinity to 1000\n$/ },
  "robx.velocity=2000": { shows: /^robx: velocity changed from 1000 to 2000\n$/ },
  // A Tango motor is asked each time: there is nothing to bring into step.
  "sync(robx)": { shows: /^!!! ReferenceError: sync is not defined/ },
  robx: { shows: /^AXIS robx\n {2}position +2\.00000 mm\n {2}dial +2\.00000 mm\n {2}offset +0\.00000 mm\n {2}limits +-100\.00000 to 100\.00000 mm\n {2}velocity +2000 mm\/s\n.*state +READY\n$/s }, // biome-ignore format: one glance
  s1vg: { shows: /^AXIS s1vg\n {2}position +1\.00000 mm\n.*limits +-20\.00000 to 20\.00000 mm\n.*reals +s1u, s1d\n$/s },
  robenc: { shows: /^COUNTER robenc\n {2}name +encoder:robenc\n.*value +0\n$/s },
  simg: { shows: /^COUNTER simg\n {2}name +simulation_counter_controller:simg\n {2}unit +-\n/ },
  diodec: { shows: /^COUNTER diodec\n.*mode +MEAN\n {2}value +7\.5\n$/s },
  calcctrl: { type: "calcmean", shows: /^COUNTER calcmean\n.*from +\S+:diodec, \S+:diodec2\n$/s },
  tgdbl: { shows: /^COUNTER tgdbl\n {2}name +generic_tg_controller:tgdbl\n {2}unit +V\n.*value +-1\.312\n$/s },
  MG1: { shows: /^GROUP MG1.*state default of default\n {2}enabled +\S+:simg, \S+:diodec\n {2}disabled +none\n$/ },
  ACTIVE_MG: { shows: /^GROUP MG1 \(active\)/ },
  "lsmg()": { shows: /^\* MG1 \(default\): simg, diodec\n$/ },
  "lscnt(diodec)": { shows: /^Fullname +Shape .*\nsimulation_diode_sampling_controller:diodec +0D +MEAN {2}simulation_diode_sampling_controller\n$/ }, // biome-ignore format: one glance
  SCAN_SAVING: { shows: /base_path: '<dir>',\n.*template: '\{session\}\/',\n.*data_filename: 'data',\n.*images_path_template: 'scan\{scan_number\}'/s }, // biome-ignore format: one glance
  // There is no other window.
  SCAN_DISPLAY: { shows: /^!!! ReferenceError/ },
  DEFAULT_CHAIN: { type: "session.chainSettings", shows: /^\[\]\n$/ },
  SCANS: { shows: /^\[\]\n$/ },
  "MG1.set_active()": { shows: /^$/ },
  "ct(0.1,calcctrl)": { type: "ct(0.1, calcmean)", shows: /calcmean = +5\.00000 +\( +50\.0000 \/s\).*diodec = +7\.50000.*diodec2 = +2\.50000/s }, // biome-ignore format: one glance
  // A scan that does not run yet is a value, and runs as often as one likes.
  "s=ascan(robx,0,1,2,0.05,diodec,run=False)": { type: "s = plan.ascan(robx,0,1,2,0.05,diodec)", shows: title },
  "s.run()": {
    type: "s2 = run(s)",
    shows: /^Scan 11: .*DONE\)\n$|^!!! ScanArgumentError: ascan robx .* has run already/s,
  },
  s: { shows: title },
  "print(s)": { shows: title },
  "s.scan_number": { type: "s = s2; s.info.scan_nb", shows: /^11\n$/ },
  "s.state": { shows: /^'DONE'\n$/ },
  "s.streams": { type: "s.names", shows: /'robx', +'elapsed_time', +'epoch', +'diodec'/ },
  "list(s.streams)": { type: "s.channels.map((c) => c.fullname)", shows: /'axis:robx',\n? +'timer:elapsed_time'/ },
  "s.streams['diodec'][:]": { type: "[...s.data('diodec')]", shows: /^\[ 7\.5, 7\.5, 7\.5 \]\n$/ },
  "s.scan_info['title']": { type: "s.info.title", shows: /^'ascan robx 0\.00000 1\.00000 2 0\.05'\n$/ },
  "SCANS[-1]": { shows: /^Scan\(.*, (DONE|USER_ABORTED)\)\n$/ },
  "plotselect(simg)": { shows: /^Selected: simulation_counter_controller:simg\n$/ },
  "plotselect()": { shows: /^Selected: simulation_counter_controller:simg\n$/ },
  "list(SCANS[-1].streams['simg'][:])": { type: "[...SCANS[-1].data('simg')].slice(10, 13)", shows: /^\[ 22\.88326892\d+, 23\.93653682\d+, 22\.88326892\d+ \]\n$/ }, // biome-ignore format: one glance
  "list(SCANS[-1].streams['robx'][:])": { type: "[...SCANS[-1].data('robx')].slice(0, 3)", shows: /^\[ -5, -4\.5, -4 \]\n$/ }, // biome-ignore format: one glance
  // The selected counter is named in full.
  "SCANS[-1].cen(simg)": { type: "cen(simg, scan=SCANS[-1])", shows: /^0\.(5|49999999)\d*\n$/ },
  "SCANS[-1].peak('simg')": { type: "peak('simg', scan=SCANS[-1])", shows: /^0\.5\n$/ },
  "SCANS[-1].fwhm(simg)": { type: "fwhm(simg, scan=SCANS[-1])", shows: /^3\.94582151\d*\n$/ },
  "find_position(lambda x,y: x[3])": { type: "find_position((x, y) => x[3])", shows: /\n-3\.5\n$/ },
};

/** Places of the simulated Gaussian: BLISS' counter puts it 0.5 behind the centre of each scan, 6 sigma wide. */
const centres: Readonly<Record<string, readonly [centre: number, width: number]>> = {
  "ascan(robx,-5,5,20,0,simg,diodec)": [0, 10],
  "lineup(robx,-2,2,8,0,simg)": [-5, 4],
  "a2scan(robx,-2,2,roby,0,4,8,0,simg)": [0, 4],
  "amesh(robx,-1,1,2,roby,0,1,1,0,simg)": [0, 2],
};

async function desk() {
  const world = bench();
  const { robx, robslow, robe } = world.axes as Record<"robx" | "robslow" | "robe", s.Axis>;
  let gaussian: readonly [number, number] | undefined;
  let at = 0;
  const read = async () => {
    at = await robx.position();
  };
  const simg: s.SamplingCounter = {
    kind: "sampling",
    name: "simg",
    device: {
      name: "simulation_counter_controller",
      reader: (counters) => async () => {
        await read();
        return counters.map(({ name }) => (name === "simf" ? 3 : height(at, gaussian)));
      },
    },
  };
  const diode = s.softCounters("simulation_diode_sampling_controller", { diodec: () => 7.5, diodec2: () => 2.5 });
  const tango = s.softCounters("generic_tg_controller", { tgampli: () => 0, tgdbl: () => -1.312 });
  const counters = [simg, { ...simg, name: "simf" }, diode.diodec, diode.diodec2, tango.tgampli, { ...tango.tgdbl, unit: "V" }]; // biome-ignore format: a list
  for (const counter of [...counters, robe.encoder!, meanOf("calcctrl", "calcmean", [diode.diodec, diode.diodec2])])
    world.session.add(counter);
  world.session.group("MG1", [simg, diode.diodec]);
  const output = new PassThrough();
  const input = new PassThrough();
  const shell = await startShell({ session: world.session, input, output });
  let said = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  let count = 0;
  return {
    ...world,
    gaussianOf: (command: string) => (gaussian = centres[command] ?? (/ct\(/.test(command) ? undefined : gaussian)),
    /** Types a line; `stop`: and Ctrl-C once something runs. Gives what it showed. */
    async type(line: string, stop: boolean): Promise<string> {
      said = "";
      // What is to be stopped takes its time, also on a machine that stops us for a while.
      await robslow.velocity?.write(stop && !/scan/.test(line) ? 3 : 40);
      const end = `<<${++count}>>\n`;
      input.write(`${line}\nprint("${end.trim()}")\n`);
      if (stop) {
        while (!said.endsWith(end) && !(await underWay(world))) await turn();
        shell.interrupt();
      }
      while (!said.endsWith(end)) await turn();
      return said.slice(0, -end.length);
    },
    async [Symbol.asyncDispose]() {
      input.end();
      await shell.ended;
    },
  };
}
const height = (x: number, of: readonly [number, number] | undefined) => {
  if (!of) return 100;
  const [mu, sigma] = [of[0] + 0.5, of[1] / 6];
  return (100 / (sigma * Math.sqrt(2 * Math.PI))) * Math.exp(-((x - mu) ** 2) / (2 * sigma ** 2));
};
/** A scan has points, or its axis moves; without a scan: an axis moves. */
async function underWay({ session, axes }: Bench): Promise<boolean> {
  const [run] = session.running;
  if (run) return run.points > 1 || (run.state === "RUNNING" && run.info.type === "ct");
  return (await axes.robslow!.state!()) === "MOVING" && Math.abs((await axes.robslow!.position()) % 10) > 1;
}

/** `robx[mm]` -> `User High` -> `100.00000`, from a table that may be folded. */
function table(text: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  let heads: string[] = [];
  let part = "";
  for (const line of text.split("\n").filter((each) => /\S/.test(each) && !/^[ -]+$/.test(each))) {
    const cells = line.trim().split(/\s{2,}|\s(?=\S+$)/);
    if (/^\s/.test(line) && /^[a-z]\w*(\[\w+\])?$/.test(cells[0]!)) heads = cells;
    else if (cells.length === 1) part = `${cells[0]} `;
    else for (const [i, head] of heads.entries()) (found[head] ??= {})[`${cells[0] === "Offset" ? "" : part}${cells[0]}`] = cells[i + 1]!; // biome-ignore format: one glance
  }
  return found;
}

const numbers = (text: string) => (text.match(/-?\d+\.?\d*(e[+-]?\d+)?/g) ?? []).map(Number);

/** A scan ran to its end, or was stopped: as many points, and the same last place where it was not stopped. */
function compareScan({ showed, stopped }: Typed, shown: string): void {
  const rows = [...shown.matchAll(/^ {0,4}\d+ +.*$/gm)].map(([row]) => numbers(row));
  const progress = /(\d+)\/(\d+) +\d+s(.*)$/m.exec(showed);
  expect(shown).toMatch(stopped ? /aborted after \d+.*\n!!! ScanAbort: stopped by Ctrl-C\n$/ : /Took .*, DONE\)\n$/s);
  if (!progress || stopped) return;
  expect(rows.length).toBe(Number(progress[1]));
  // The recording shows where the axes are afterwards: of a dscan, and while the last point is read, that is elsewhere.
  const places = numbers(progress[3]!);
  if (!/dscan|lineup/.test(showed)) expect(rows.at(-1)!.slice(2, 2 + places.length)).toEqual(places);
}

function compareCount({ showed, stopped }: Typed, shown: string): void {
  if (stopped) {
    expect(shown).toMatch(/!!! ScanAbort: stopped by Ctrl-C\n$/);
    return;
  }
  const lines = (text: string) => [...text.matchAll(/^ *(\w+) += +(\S+) +\( +(\S+) +\/s\)/gm)].map(([, name, value, rate]) => [name, Number(value), Number(rate) || rate]).sort(); // biome-ignore format: one glance
  expect(lines(shown)).toEqual(lines(showed));
}

/** `0.5`, or `{robx: 0.50000, roby: 2.50000}`. */
function compareResult({ showed }: Typed, shown: string): void {
  const wanted = numbers(/Out \[\d+\]: (.*)/.exec(showed)![1]!);
  const found = numbers(shown.trim().split("\n").at(-1)!);
  expect(found.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 8);
}

function compare(typed: Typed, shown: string): void {
  const { command, showed, stopped } = typed;
  if (/^s?=?s?ct\(/.test(command)) compareCount(typed, shown);
  else if (/!!! ===/.test(showed) && !stopped) expect(shown).toMatch(/!!! \w+/);
  else if (/^\w*(scan|mesh|lineup)\(/.test(command)) compareScan(typed, shown);
  else if (/^umv.*robslow/.test(command) && stopped)
    expect(shown).toMatch(/robslow\[mm\]\nuser +\d+\.\d+\ntarget +0\.00000\n!!! ScanAbort/); // biome-ignore format: one glance
  else if (/^mv\(robslow/.test(command))
    expect(shown).toMatch(/^Moving robslow from \S+ to 20\.00000\nAxis robslow stopped at position \d+\.\d+\n!!! ScanAbort/); // biome-ignore format: one glance
  else if (/^Moving/.test(showed.trim())) expect(shown.trim()).toBe(showed.trim());
  else if (/^wm\(robslow/.test(command))
    expect(Object.keys(table(shown)["robslow[mm]"]!)).toEqual(Object.keys(table(showed)["robslow[mm]"]!)); // biome-ignore format: where it was stopped is chance
  else if (/^(wa|wu|wm|umvr?)\(/.test(command)) expect(table(shown)).toEqual(table(showed));
  else if (/^(goto_\w+|cen|com|peak|fwhm|trough)\(/.test(command)) compareResult(typed, shown);
  else if (/Out \[/.test(showed)) compareResult(typed, shown);
  else throw new Error(`nothing says what ${command} should show; it shows\n${shown}`);
}

/** Elapsed times, or what the original cannot do. */
const byChance: Readonly<Record<string, RegExp>> = {
  "peak()": /^Counter used: .*\n\{ robx: 0, roby: 0 \}\n$/,
  "loopscan cen()": /^Counter used: .*\n[\d.e-]+\n$/,
};

test("the recorded dialogue", { timeout: 60_000, retry: 2 }, async () => {
  await using shell = await desk();
  let last = "";
  const wrong: string[] = [];
  for (const typed of recorded()) {
    const { command } = typed;
    shell.gaussianOf(command);
    const own = ours[command];
    const shown = await shell.type(own?.type ?? command, typed.stopped);
    const overTime = last === "loopscan" && /^(cen|peak)\(\)/.test(command);
    try {
      if (overTime) expect(shown).toMatch(byChance["loopscan cen()"]!);
      else if (command === "peak()" && last === "amesh") expect(shown).toMatch(byChance["peak()"]!);
      else if (own) expect(shown).toMatch(own.shows);
      else compare(typed, shown);
    } catch (error) {
      wrong.push(`>>> ${command}\n${shown}${(error as Error).message}`);
    }
    last = /^(\w*(scan|mesh))\(/.exec(command)?.[1] ?? last;
  }
  expect(wrong.join("\n")).toBe("");
});
