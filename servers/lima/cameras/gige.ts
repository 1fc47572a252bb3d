// SPDX-License-Identifier: MIT
// The GigE device, and the same as Basler: a GigE Vision camera as the camera of this server.
import { basler, gige } from "../../../devices/lima/gige.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { discover } from "../gige/discovery.ts";
import { type GigeCamera, openGige } from "../gige/gige.ts";
import { readableFormats } from "../gige/settings.ts";

export const gigeClass = (detector: Detector) => gigeDevice(gige, detector);
export const baslerClass = (detector: Detector) => gigeDevice(basler, detector);

/** Attributes that are one of the camera's enumerations, by the names cameras have for it. */
const enumerations = {
  test_image_selector: ["TestPattern", "TestImageSelector"],
  output1_line_source: ["LineSource"],
  pixel_format: ["PixelFormat"],
} as const;
type EnumerationName = keyof typeof enumerations;

const numbers = {
  temperature: ["DeviceTemperature", "TemperatureAbs"],
  frame_rate: ["ResultingFrameRate", "ResultingFrameRateAbs", "AcquisitionResultingFrameRate", "AcquisitionFrameRate"],
  gain: ["Gain", "GainAbs", "GainRaw"],
} as const;

const gigeDevice = (definition: typeof gige | typeof basler, detector: Detector) =>
  deviceClass(definition, async (device) => {
    const { properties, signal } = device;
    const instance = device.server.split("/").at(-1) ?? "";
    const [x = 5e-6, y = x] = properties.pixel_size;
    const host = await addressOf(properties.camera_id || `uname://${instance}`, signal);
    const options = {
      ...{
        host,
        type: definition.name,
        packetSize: properties.packet_size,
        packetDelay: properties.inter_packet_delay,
      },
      ...{ frameDelay: properties.frame_transmission_delay, line: properties.trigger_line, pixelSize: [x, y] as const },
      blankForLost: properties.blank_image_for_missed,
    };
    const camera = await openGige(options, { signal });
    const connected = detector.connect(definition.name.toLowerCase(), device.name, camera);
    return {
      ...members(camera),
      [Symbol.asyncDispose]: async () => connected[Symbol.asyncDispose](),
    };
  });

function members(camera: GigeCamera) {
  const { features } = camera;
  const featureOf = (names: readonly string[], attribute: string): string => {
    const name = features.firstOf(...names);
    if (name === undefined) throw new Error(`${camera.about} has no ${attribute}: none of ${names.join(", ")}`);
    return name;
  };
  const number = (attribute: keyof typeof numbers) => async () =>
    features.number(featureOf(numbers[attribute], attribute));
  const enumeration = (attribute: EnumerationName) => ({
    read: async () => String(await features.read(featureOf(enumerations[attribute], attribute))),
    write: (value: string) => features.write(featureOf(enumerations[attribute], attribute), value),
  });
  const format = enumeration("pixel_format");
  return {
    statistics_total_buffer_count: () => camera.counts.total,
    statistics_failed_buffer_count: () => camera.counts.failed,
    statistics_resend_count: () => camera.statistics.resendsAsked,
    test_image_selector: enumeration("test_image_selector"),
    output1_line_source: enumeration("output1_line_source"),
    user_output_line1: {
      read: async () => (await features.read(featureOf(["UserOutputValue"], "user_output_line1"))) === true,
      write: (on: boolean) => features.write(featureOf(["UserOutputValue"], "user_output_line1"), on),
    },
    temperature: number("temperature"),
    frame_rate: number("frame_rate"),
    gain: {
      read: number("gain"),
      write: (value: number) => features.write(featureOf(numbers.gain, "gain"), value),
    },
    pixel_format: {
      read: format.read,
      write: async (name: string) => {
        const readable = await readableFormats(features);
        if (!readable.includes(name))
          throw new Error(`Wrong value pixel_format: ${name}; ${readable.join(", ")} can be read here`);
        await format.write(name);
        await camera.refresh();
      },
    },
    getFeatureList: () => [...features.features()],
    getFeature: async (name: string) => String(await features.read(name)),
    setFeature: (words: readonly string[]) => setFeature(camera, words),
    getAttrStringValueList: async (attribute: string) => {
      const name = attribute.toLowerCase();
      if (name === "pixel_format") return [...(await readableFormats(features))];
      if (!(name in enumerations)) return [];
      const feature = features.firstOf(...enumerations[name as EnumerationName]);
      return feature === undefined ? [] : [...(await features.entries(feature))];
    },
  };
}

async function setFeature(camera: GigeCamera, words: readonly string[]): Promise<void> {
  const [name, value, ...more] = words;
  if (name === undefined || more.length > 0)
    throw new Error(`setFeature takes a feature's name and its value: ${words.length} words given`);
  if (value === undefined) await camera.features.execute(name);
  else await camera.features.write(name, value);
  await camera.refresh();
}

/** Milliseconds that cameras on all networks have to tell who they are. */
const discoveryWait = 2000;

/** @throws Error when the words are not understood, or no camera answers to them. */
async function addressOf(cameraId: string, signal: AbortSignal): Promise<string> {
  const [, kind = "", name = ""] = /^(ip|sn|uname):\/\/(.+)$/i.exec(cameraId) ?? [];
  if (kind.toLowerCase() === "ip") return name;
  if (kind === "")
    throw new Error(
      `Property camera_id is "${cameraId}": ip://<address>, sn://<serial number> or uname://<user name> is wanted`,
    );
  const wanted = kind.toLowerCase() === "sn" ? "serialNumber" : "userName";
  const found = await discover({ wait: discoveryWait, until: (camera) => camera[wanted] === name, signal });
  const camera = found.find((each) => each[wanted] === name);
  if (camera) return camera.address;
  const others = found.map(({ address, model, serialNumber }) => `${model} ${serialNumber} at ${address}`);
  throw new Error(
    `No GigE Vision camera answers to ${cameraId} (property camera_id); ${others.length > 0 ? `there are: ${others.join("; ")}` : "none at all answers"}`,
  );
}
