// SPDX-License-Identifier: MIT
// The Simulator device: what the simulated camera's frames show.
import { simulator } from "../../../devices/lima/simulator.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { choice, choiceHandlers, valuesOf } from "../device/choices.ts";
import { atLeast, field } from "../device/fields.ts";
import type { ImageType } from "../frame.ts";
import { openSavedImages, type SavedImages } from "../saved-images.ts";
import { type Peak, type Picture, type SimulatedCamera, simulatedCamera } from "../simulator.ts";

const typesByDepth: Readonly<Record<number, ImageType>> = { 1: "Bpp8", 2: "Bpp16", 4: "Bpp32" };

export const simulatorClass = (detector: Detector) =>
  deviceClass(simulator, (device) => {
    const { frame_dim, pixel_size, mode, nb_prefetched_frames, peaks, peak_angles, fill_type, rotation_axis } =
      device.properties;
    const [x = 1e-6, y = x] = pixel_size;
    const camera = simulatedCamera({ picture: { ...defaultPicture, ...dimensions(frame_dim) }, pixelSize: [x, y] });
    const { picture } = camera;
    const settings: Settings = {
      ...{ mode: "GENERATOR", prefetch: 1, saved: undefined },
      angles: Float64Array.from(peak_angles),
    };
    const choices = simulatorChoices(camera, settings);
    const chosen = choiceHandlers(choices);
    const members = pictureMembers(picture, settings);
    chosen.fill_type.write(fill_type);
    chosen.rotation_axis.write(rotation_axis);
    if (peaks.length > 0) members.peaks.write(peaks);
    settings.prefetch = nb_prefetched_frames;
    chosen.mode.write(mode);
    const connected = detector.connect("simulator", device.name, camera);
    return {
      ...members,
      ...chosen,
      nb_prefetched_frames: {
        read: () => settings.prefetch,
        write: (frames) => {
          atLeast("nb_prefetched_frames", 1)(frames);
          settings.prefetch = frames;
          chosen.mode.write(chosen.mode.read());
        },
      },
      file_pattern: async (pattern) => {
        const images = await openSavedImages(pattern);
        await settings.saved?.[Symbol.asyncDispose]();
        settings.saved = images;
        chosen.mode.write(chosen.mode.read());
      },
      trigExternal: () => camera.externalTrigger(),
      getAttrStringValueList: (attribute) => valuesOf(choices, attribute),
      [Symbol.asyncDispose]: async () => {
        await connected[Symbol.asyncDispose]();
        await settings.saved?.[Symbol.asyncDispose]();
      },
    };
  });

const defaultPicture: Picture = {
  width: 1024,
  height: 1024,
  imageType: "Bpp32",
  peaks: [{ x: 512, y: 512, fwhm: 100, max: 100, angle: 0 }],
  fill: "GAUSS",
  grow: 1,
  rotationAxis: "ROTATIONY",
  rotationAngle: 0,
  rotationSpeed: 0,
  diffraction: [512, 512],
  diffractionSpeed: [0, 0],
};

/** @throws Error when it is not width, height and 1, 2 or 4 bytes a pixel. */
function dimensions(values: ArrayLike<number>): Pick<Picture, "width" | "height" | "imageType"> {
  const [width = 0, height = 0, depth = 0] = Array.from(values);
  const imageType = typesByDepth[depth];
  if (!(width > 0 && height > 0 && imageType))
    throw new Error(
      `frame_dim [${Array.from(values).join(", ")}]: width, height and 1, 2 or 4 bytes a pixel are wanted`,
    );
  return { width, height, imageType };
}

interface Settings {
  mode: "GENERATOR" | "GENERATOR_PREFETCH" | "LOADER" | "LOADER_PREFETCH";
  prefetch: number;
  /** What file_pattern names. */
  saved: SavedImages | undefined;
  angles: Float64Array;
}

const simulatorChoices = (camera: SimulatedCamera, settings: Settings) => {
  const { picture } = camera;
  return {
    mode: choice(
      ["GENERATOR", "GENERATOR_PREFETCH", "LOADER", "LOADER_PREFETCH"],
      () => settings.mode,
      (mode) => {
        const loader = mode.startsWith("LOADER");
        if (loader && !settings.saved) throw new Error(`Mode ${mode} gives images of files: write file_pattern first`);
        settings.mode = mode;
        camera.saved = loader ? settings.saved : undefined;
        camera.prefetched = mode.endsWith("PREFETCH") ? settings.prefetch : 0;
      },
    ),
    fill_type: choice(
      ["GAUSS", "DIFFRACTION", "EMPTY"],
      () => picture.fill,
      (fill) => void (picture.fill = fill),
    ),
    rotation_axis: choice(
      ["ROTATIONX", "ROTATIONY", "STATIC"],
      () => picture.rotationAxis,
      (axis) => void (picture.rotationAxis = axis),
    ),
  };
};

/** Attributes of what frames show. */
const pictureMembers = (picture: Picture, settings: Settings) => ({
  frame_dim: {
    read: () => Int32Array.of(picture.width, picture.height, depthOf(picture.imageType)),
    write: (values: ArrayLike<number>) => resize(picture, dimensions(values)),
  },
  peaks: {
    read: () => Float64Array.from(picture.peaks.flatMap(({ x, y, fwhm, max }) => [x, y, fwhm, max])),
    write: (values: ArrayLike<number>) => void (picture.peaks = peaksOf(values, settings.angles)),
  },
  peak_angles: {
    read: () => settings.angles,
    write: (angles: Float64Array) => {
      settings.angles = Float64Array.from(angles);
      picture.peaks = picture.peaks.map((peak, i) => ({ ...peak, angle: angles[i] ?? 0 }));
    },
  },
  grow_factor: field(picture, "grow"),
  rotation_angle: field(picture, "rotationAngle"),
  rotation_speed: field(picture, "rotationSpeed"),
  diffraction_pos: pair(picture, "diffraction"),
  diffraction_speed: pair(picture, "diffractionSpeed"),
});

const depthOf = (type: ImageType) => Number(Object.entries(typesByDepth).find(([, each]) => each === type)?.[0] ?? 4);

/** Peaks stay where they are in proportion to the frame. */
function resize(picture: Picture, size: Pick<Picture, "width" | "height" | "imageType">): void {
  const [sx, sy] = [size.width / picture.width, size.height / picture.height];
  picture.peaks = picture.peaks.map((peak) => ({ ...peak, x: peak.x * sx, y: peak.y * sy, fwhm: peak.fwhm * sx }));
  Object.assign(picture, size);
}

function peaksOf(values: ArrayLike<number>, angles: Float64Array): Peak[] {
  if (values.length % 4 !== 0)
    throw new Error(`peaks takes x, y, fwhm and maximum of each: ${values.length} values given`);
  return Array.from({ length: values.length / 4 }, (_, i) => {
    const [x = 0, y = 0, fwhm = 0, max = 0] = Array.from({ length: 4 }, (_, k) => values[4 * i + k] ?? 0);
    if (!(fwhm > 0)) throw new Error(`Peak ${i}: fwhm ${fwhm} is not above 0`);
    return { x, y, fwhm, max, angle: angles[i] ?? 0 };
  });
}

const pair = (picture: Picture, key: "diffraction" | "diffractionSpeed") => ({
  read: () => Float64Array.from(picture[key]),
  write: (values: ArrayLike<number>) => {
    const [x, y] = Array.from(values);
    if (x === undefined || y === undefined) throw new Error(`Two values are wanted, x and y; ${values.length} given`);
    picture[key] = [x, y];
  },
});
