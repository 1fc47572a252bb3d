// SPDX-License-Identifier: MIT
// Tells a LimaCCDs server of a scan, in the order its clients do, and what the scan has to know of its frames.
import type {
  Acquisition,
  CallOptions,
  Dtype,
  ImageFiles,
  ImageSource,
  Prepared,
  Saving,
} from "../../scanning/index.ts";
import type { DeviceProxy } from "../../tango/index.ts";
import type { PreparedPart } from "./camera-part.ts";
import type { limaCCDs } from "./limaccds.ts";

type LimaProxy = DeviceProxy<typeof limaCCDs>;

export interface Arming {
  readonly name: string;
  readonly trl: string;
  readonly options: {
    readonly format?: string;
    readonly framesPerFile?: number;
    readonly instrument?: string;
    readonly prepareTimeout?: number;
  };
  readonly device: LimaProxy;
  /** Of acq_trigger_mode. */
  readonly word: string;
  /** An acquisition for each point. */
  readonly single: boolean;
  /** Plugins that work on the frames too, by name. */
  readonly parts: ReadonlyMap<string, PreparedPart>;
  readonly acquisition: Acquisition;
  readonly call: CallOptions;
}

/** Writes everything and prepares the acquisition. */
export async function arm(arming: Arming): Promise<Prepared> {
  const { device, acquisition, call, options, single } = arming;
  const { saving } = acquisition;
  if ((await device.read("acq_status", call)) === "Running") await device.call("stopAcq", undefined, call);
  const acquiring = acquisitionParameters(arming);
  const ctrl = controlParameters(arming);
  for (const [key, value] of Object.entries({ ...ctrl, ...acquiring, ...acquisition.settings }))
    await device.untyped.write(key, value, call);
  if (saving) await writeSaving(device, saving, call);
  const files = saving && (await filesOf(device, saving, call));
  await device.call("prepareAcq", undefined, { ...call, timeout: options.prepareTimeout ?? 60_000 });
  const [sizes, buffers] = await Promise.all([
    device.read("image_sizes", call),
    device.read("buffer_max_number", call),
  ]);
  const images: ImageSource = {
    serverUrl: serverUrl(arming),
    bufferMaxNumber: buffers,
    framesPerAcquisition: single ? 1 : acquisition.points,
    ...(files && { files }),
  };
  return {
    channels: {
      image: { dtype: dtypeOf(sizes), shape: [sizes[3] ?? 0, sizes[2] ?? 0], images },
      ...Object.assign({}, ...[...arming.parts.values()].map(({ channels }) => channels)),
    },
    metadata: { ...(await metadataOf(device, call)), acq_parameters: acquiring, ctrl_parameters: ctrl },
    partMetadata: Object.fromEntries([...arming.parts].map(([name, { metadata }]) => [name, { ...metadata }])),
  };
}

const acquisitionParameters = ({ acquisition, word, single }: Arming) => ({
  acq_mode: "SINGLE",
  acq_nb_frames: single ? 1 : acquisition.points,
  acq_expo_time: acquisition.exposure,
  acq_trigger_mode: word,
  latency_time: 0,
  saving_mode: acquisition.saving ? "AUTO_FRAME" : "MANUAL",
});

const controlParameters = ({ name, options }: Arming) => ({
  user_instrument_name: options.instrument ?? "instrument",
  user_detector_name: name,
  saving_format: options.format ?? "HDF5",
  saving_frame_per_file: options.framesPerFile ?? 100,
  saving_managed_mode: "SOFTWARE",
});

/** The folder before the prefix: writing the prefix looks for the next free number in it. */
async function writeSaving(device: LimaProxy, { directory, prefix }: Saving, call: CallOptions): Promise<void> {
  await device.write("saving_directory", directory, call);
  await device.write("saving_prefix", prefix, call);
}

async function filesOf(device: LimaProxy, { directory, prefix }: Saving, call: CallOptions): Promise<ImageFiles> {
  const names = [
    "saving_format", "saving_suffix", "saving_index_format", "saving_next_number", "saving_frame_per_file",
    "user_instrument_name", "user_detector_name",
  ] as const; // biome-ignore format: a list
  const readings = await device.readAttributes(names, call);
  for (const { error } of readings) if (error) throw error;
  const [format, suffix, index, number, perFile, instrument, detector] = readings;
  const word = String(format.value).toLowerCase();
  const hdf5 = word.startsWith("hdf5");
  return {
    path: `${directory.replace(/\/$/, "")}/${prefix}${index.value}${suffix.value}`,
    dataPath: hdf5 ? `/entry_0000/${instrument.value}/${detector.value}/data` : null,
    format: hdf5 ? "hdf5" : word,
    framesPerFile: perFile.value ?? 1,
    firstFile: number.value ?? 0,
  };
}

/** numpy's name of `[signed, bytes per pixel, ...]`. */
function dtypeOf([signed, bytes]: ArrayLike<number> & Iterable<number>): Dtype {
  const name = `${signed === 1 ? "" : "u"}int${8 * (bytes ?? 4)}`;
  return name as Dtype;
}

async function metadataOf(device: LimaProxy, call: CallOptions): Promise<Readonly<Record<string, unknown>>> {
  const names = [
    "lima_type", "camera_model", "camera_pixelsize", "image_bin_mode", "image_bin", "image_flip", "image_rotation",
    "image_roi",
  ] as const; // biome-ignore format: a list
  const [type, model, pixel, mode, bin, flip, rotation, roi] = await device.readAttributes(names, call);
  return {
    type: "lima",
    description: `${type.value}, ${model.value}`,
    x_pixel_size: pixel.value?.[0],
    y_pixel_size: pixel.value?.[1],
    "x_pixel_size@units": "m",
    "y_pixel_size@units": "m",
    image_bin_mode: mode.value,
    image_bin: Array.from(bin.value ?? []),
    image_flip: flip.value,
    image_rotation: rotation.value,
    image_roi: Array.from(roi.value ?? []),
  };
}

/** Another device at the same place as `trl`: the same database, or the same server when there is none. */
export const besideOf = (trl: string, device: string): string =>
  trl.replace(/^((?:tango:)?\/\/[^/]+\/)?[^#]*/, (_, host: string | undefined) => `${host ?? ""}${device}`);

/** `tango://host:port/domain/family/member`, for those who were not told the database's address. */
function serverUrl({ trl, device }: Arming): string {
  if (/^(tango:)?\/\//.test(trl)) return trl.startsWith("tango:") ? trl : `tango:${trl}`;
  const [first] = device.system.host;
  return first ? `tango://${first.host}:${first.port}/${device.name}` : device.name;
}
