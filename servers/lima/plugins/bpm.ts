// SPDX-License-Identifier: MIT
// The BpmDeviceServer device: the camera as a beam position monitor.
import { bpm } from "../../../devices/lima/bpm.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Beam } from "../beam.ts";
import { bvdata } from "../bvdata.ts";
import type { Detector } from "../detector.ts";
import { choiceHandlers } from "../device/choices.ts";
import { field } from "../device/fields.ts";
import { type Frame, type Pixels, shared } from "../frame.ts";
import { jpegOf } from "../picture.ts";
import { bpmPicture, twoValues } from "./bpm-picture.ts";
import { PicturePace } from "./picture-pace.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

interface Seen extends Beam {
  /** Seconds from the start of the acquisition. */
  readonly time: number;
}
interface Settings {
  calculate: boolean;
  /** Look at the surroundings of the beam only. */
  closer: boolean;
  profiles: boolean;
  calibration: Float64Array;
  beamMark: Int32Array;
}
/** Frames whose results are kept at first. */
const bufferSize = 1024;

export const bpmClass = (detector: Detector) =>
  deviceClass(bpm, (device) => {
    const { properties } = device;
    const results = new RecentResults<Seen>(bufferSize);
    const settings: Settings = {
      ...{ calculate: properties.enable_bpm_calc, closer: false, profiles: properties.return_bpm_profiles },
      ...{ calibration: Float64Array.from(properties.calibration), beamMark: Int32Array.from(properties.beammark) },
    };
    const look = bpmPicture(properties);
    const background = new Background(detector);
    const pace = new PicturePace();
    const packed = (frame: number, jpeg: Uint8Array) =>
      bvdata({
        ...{ ...lastOf(results), frame, jpeg, profiles: settings.profiles },
        region: detector.acquisition?.size ?? [0, 0],
      });
    const plugin = pluginSwitch<"beam">({
      ...{ device, detector, type: "bpm" },
      processor: (runLevel) => ({
        ...{ runLevel, counts: true, prepare: () => results.clear() },
        task: () => {
          if (!settings.calculate) return undefined;
          const style = properties.enable_tango_event && pace.due() ? look.style : undefined;
          return { do: "beam", background: background.pixels, closer: settings.closer, style };
        },
        done: ({ picture, ...beam }, { index, time }) => {
          results.add(index, { ...scaled(beam, settings.calibration), time });
          if (!picture) return;
          pace.shown(picture);
          device.push("bvdata", packed(index, picture.jpeg));
        },
      }),
    });
    const choices = choiceHandlers(look.choices);
    choices.lut_method.write(properties.lut_method);
    return {
      ...{ ...plugin.members, ...choices, ...look.members },
      ...resultMembers(results),
      ...background.members,
      automaticaoi: field(settings, "closer"),
      calibration: field(settings, "calibration", twoValues("calibration")),
      beammark: field(settings, "beamMark", twoValues("beammark")),
      return_bpm_profiles: field(settings, "profiles"),
      enable_bpm_calc: field(settings, "calculate"),
      bvdata: () => {
        const frame = latestFrame(detector);
        return packed(frame.index, jpegOf(frame, look.style));
      },
      GetPixelIntensity: (values) => pixelOf(latestFrame(detector), values),
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });

const nothing: Seen = {
  ...{ time: 0, x: -1, y: -1, fwhmX: 0, fwhmY: 0, intensity: -1, max: -1 },
  ...{ projectionX: new Float64Array(0), projectionY: new Float64Array(0) },
};
const lastOf = (results: RecentResults<Seen>): Seen => results.from(results.last).at(-1)?.result ?? nothing;

/** The beam in the last frame, and in the frames that are kept. */
const resultMembers = (results: RecentResults<Seen>) => {
  const last = () => lastOf(results);
  return {
    buffersize: field(results, "capacity"),
    txy: () => Float64Array.of(last().time, last().x, last().y),
    x: () => last().x,
    y: () => last().y,
    intensity: () => last().intensity,
    max_intensity: () => last().max,
    fwhm_x: () => last().fwhmX,
    fwhm_y: () => last().fwhmY,
    proj_x: () => Int32Array.from(last().projectionX),
    proj_y: () => Int32Array.from(last().projectionY),
    getResults: (first: number) =>
      Float64Array.from(
        results
          .from(first)
          .flatMap(({ frame, result: { time, intensity, x, y, fwhmX, fwhmY } }) => [
            time, intensity, x, y, fwhmX, fwhmY, frame,
          ]), // biome-ignore format: one record
      ),
  };
};

/** A frame that is subtracted before the beam is looked for. */
class Background {
  readonly #detector: Detector;
  #pixels: Pixels | undefined;

  constructor(detector: Detector) {
    this.#detector = detector;
  }
  get pixels(): Pixels | undefined {
    return this.#pixels;
  }
  readonly members = {
    HasBackground: () => this.#pixels !== undefined,
    TakeBackground: () => {
      // A copy: the frame's memory is used again.
      this.#pixels = shared(latestFrame(this.#detector).pixels.slice());
    },
    ResetBackground: () => {
      this.#pixels = undefined;
    },
  };
}

function latestFrame({ acquisition }: Detector): Frame {
  if (acquisition) return acquisition.frame(-1);
  throw new Error("No frame yet: the LimaCCDs device of this server is not open");
}

function pixelOf({ width, height, pixels }: Frame, place: ArrayLike<number>): number {
  const [x = -1, y = -1] = Array.from(place);
  if (x < 0 || y < 0 || x >= width || y >= height)
    throw new Error(`Pixel ${x}, ${y} is not inside the image of ${width}x${height} pixels`);
  return pixels[y * width + x] ?? 0;
}

/** Positions and widths in the units of the calibration. */
function scaled(beam: Beam, [cx = 1, cy = 1]: Iterable<number> & { readonly [i: number]: number }): Beam {
  if (beam.intensity < 0) return beam;
  return { ...beam, x: beam.x * cx, y: beam.y * cy, fwhmX: beam.fwhmX * cx, fwhmY: beam.fwhmY * cy };
}
