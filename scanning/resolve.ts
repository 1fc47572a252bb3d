// SPDX-License-Identifier: MIT
// From a plan to something that can run: absolute positions, limits checked, chain built, document written.
import { axes } from "./chain/axes.ts";
import { buildChain, countersOf } from "./chain/build.ts";
import { type ChainDescription, describeChain } from "./chain/describe.ts";
import type { NodePlan } from "./chain/node.ts";
import { timer } from "./chain/timer.ts";
import { type ScanContext, userName } from "./context.ts";
import { ScanArgumentError } from "./errors.ts";
import type { ScanIdentity } from "./events.ts";
import { checkLimits } from "./limits.ts";
import type { ScanPlan } from "./plan.ts";
import type { Axis, CallOptions, SamplingCounter, Saving } from "./protocols.ts";
import { shifted, type Trajectory } from "./trajectory.ts";

/** A plan with everything known that must be known before a number is used. */
export interface Resolved {
  readonly plan: ScanPlan;
  readonly trajectory: Trajectory | undefined;
  /** Where relative scans return to. */
  readonly home: ReadonlyMap<Axis, number>;
  readonly title: string;
}

/** Reads where relative scans start, and checks the limits. Nothing has moved when it throws. */
export async function resolve(plan: ScanPlan, options: CallOptions = {}): Promise<Resolved> {
  const home = new Map<Axis, number>();
  let { trajectory } = plan;
  if (trajectory && plan.relative) {
    const starts = await Promise.all(trajectory.paths.map(({ axis }) => axis.target(options)));
    trajectory.paths.forEach(({ axis }, k) => {
      home.set(axis, starts[k]!);
    });
    trajectory = shifted(trajectory, starts);
  }
  if (trajectory) await checkLimits((await plan.extent?.(trajectory, options)) ?? trajectory, options);
  return { plan, trajectory, home, title: plan.options.title ?? plan.title(trajectory) };
}

export interface BuiltScan {
  readonly roots: readonly NodePlan[];
  readonly description: ChainDescription;
  readonly identity: ScanIdentity;
  readonly info: Record<string, unknown>;
}

/** The chain's nodes. @throws ScanArgumentError */
export function chainOf(
  { plan, trajectory }: Resolved,
  context: ScanContext,
  saving?: (name: string) => Saving,
): NodePlan[] {
  const read = plan.read.length > 0 ? plan.read : context.activeCounters();
  const encoders = (trajectory?.paths ?? []).flatMap(({ axis }): SamplingCounter[] =>
    axis.encoder ? [axis.encoder] : [],
  );
  const counters = countersOf([...read, ...encoders]);
  if (counters.length === 0 && !plan.chain)
    throw new ScanArgumentError("no counters for the scan: name some, or enable some in the active measurement group");
  const devices = buildChain(counters, {
    settings: context.chainSettings,
    gates: context.gates ?? [],
    ...(saving && { saving }),
  });
  if (plan.chain) return plan.chain(devices, trajectory);
  const { sleepTime, stabTime } = plan.options;
  const counting = timer(devices, sleepTime === undefined ? {} : { sleepTime });
  return [trajectory ? axes(trajectory, [counting], stabTime === undefined ? {} : { stabTime }) : counting];
}

/** Numbers the scan and writes its document as it is at CREATED. */
export async function build(resolved: Resolved, context: ScanContext): Promise<BuiltScan> {
  const { plan, trajectory, title } = resolved;
  const { options } = plan;
  const save = options.save ?? true;
  const name = options.name ?? plan.name ?? plan.type;
  chainOf(resolved, context); // what is wrong with the counters is said before a number is used
  const number = await context.scanNumber(save);
  const place = context.saving({ name, number, save });
  const images = (options.saveImages ?? save) ? place.imagesPath : null;
  const roots = chainOf(resolved, context, images === null ? undefined : (device) => savingOf(images, device));
  const description = describeChain(roots, () => context.deviceNumber());
  const { devices, acquisitionChain, channelInfo } = description;
  const info: Record<string, unknown> = {
    ...place.info,
    ...plan.info(trajectory),
    ...options.scanInfo,
    title, save,
    ...(!plan.composite && { type: plan.type, npoints: plan.points, count_time: plan.countTime }),
    ...(options.sleepTime !== undefined && { sleep_time: options.sleepTime }),
    ...(options.stabTime !== undefined && { stab_time: options.stabTime }),
    channels: withGroups(channelInfo, trajectory),
    devices, acquisition_chain: acquisitionChain,
    publisher: "bandoneon", publisher_version: version,
    user_name: userName(),
    scan_nb: number, name: `${save ? "" : "_"}${number}_${name}`,
    filename: place.filename, images_path: place.imagesPath,
    start_time: isoTime(new Date()),
    display_extra: context.plotselect(),
    ...(!plan.bare && { nexuswriter: { ...(place.info.nexuswriter as object), devices: description.writerDevices } }),
  }; // biome-ignore format: one glance
  const identity = { name, number, ...place.policy, path: place.filename };
  return { roots, description, identity, info };
}

/** In a mesh, everything that can be plotted over it belongs to one group. */
function withGroups(channels: Readonly<Record<string, Record<string, unknown>>>, trajectory: Trajectory | undefined) {
  if (trajectory?.shape !== "grid") return channels;
  return Object.fromEntries(
    Object.entries(channels).map(([name, about]) =>
      about.dim === 0 && !name.startsWith("timer:") ? [name, { ...about, group: "scatter" }] : [name, about],
    ),
  );
}

function savingOf(imagesPath: string, device: string): Saving {
  const path = imagesPath.replaceAll("{img_acq_device}", device);
  const cut = path.lastIndexOf("/");
  return { directory: path.slice(0, cut), prefix: path.slice(cut + 1) };
}

const version = "0.1.0";

/** ISO 8601 in the local zone, with microseconds. */
export function isoTime(time: Date): string {
  const minutes = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return `${local}000${minutes < 0 ? "-" : "+"}${two(hours)}:${two(rest)}`;
}
