// SPDX-License-Identifier: MIT
// Connects to the plugins of a LimaCCDs server that a camera is to use.
import { type ConnectOptions, connect, type DeviceProxy } from "../../tango/index.ts";
import type { InterfaceDefinition } from "../../tango/interface.ts";
import { bpm } from "./bpm.ts";
import { beamCounters } from "./camera-beam.ts";
import { roiSums } from "./camera-collection.ts";
import type { CameraPart } from "./camera-part.ts";
import { type CameraProfile, roiProfiles } from "./camera-profiles.ts";
import { type CameraRectangle, type CameraRoi, roiCounters } from "./camera-rois.ts";
import { besideOf } from "./camera-settings.ts";
import type { limaCCDs } from "./limaccds.ts";
import { roiCollection, roiSpectrum } from "./plugins.ts";
import { roiCounter } from "./roi-counter.ts";

export interface PartOptions {
  /** Regions of interest by name: five counters each. */
  readonly rois?: Readonly<Record<string, CameraRoi>>;
  /** Regions by name, each summed to a line. */
  readonly profiles?: Readonly<Record<string, CameraProfile>>;
  /** Many regions, the sums of which are one spectrum. */
  readonly collection?: readonly CameraRectangle[];
  /** Counters of the beam: x, y, fwhm_x, fwhm_y, intensity, acq_time. Default false. */
  readonly beam?: boolean;
}
interface Place {
  /** Of the camera. */
  readonly name: string;
  readonly trl: string;
  readonly device: DeviceProxy<typeof limaCCDs>;
}

/** What was opened is owned by `opened`. @throws Error naming a plugin that is wanted and not there. */
export async function openParts({ name, trl, device }: Place, options: PartOptions & ConnectOptions) {
  await using resources = new AsyncDisposableStack();
  /** The plugin of a type; without one what is wanted of it must be nothing. */
  const plugin = async <I extends InterfaceDefinition>(definition: I, type: string, option: keyof PartOptions) => {
    const found = await device.call("getPluginDeviceNameFromType", type);
    if (found) return resources.use(await connect(definition, besideOf(trl, found), options));
    if (options[option]) throw new Error(`${trl} has no ${type} device: camera ${name} cannot have ${option}`);
    return undefined;
  };
  const rois = new Map(Object.entries(options.rois ?? {}));
  const profiles = new Map(Object.entries(options.profiles ?? {}));
  const parts: CameraPart[] = [];
  const counting = await plugin(roiCounter, "roicounter", "rois");
  if (counting) parts.push(roiCounters(counting, rois));
  const summing = await plugin(roiSpectrum, "roi2spectrum", "profiles");
  if (summing) parts.push(roiProfiles(summing, profiles));
  const collecting = options.collection && (await plugin(roiCollection, "roicollection", "collection"));
  if (collecting) parts.push(roiSums(collecting, options.collection ?? []));
  const watching = options.beam ? await plugin(bpm, "bpm", "beam") : undefined;
  if (watching) parts.push(beamCounters(watching));
  return { parts, rois, profiles, opened: resources.move() };
}
