// SPDX-License-Identifier: MIT
// The Eiger device: a Dectris detector as the camera of this server.
import { eiger } from "../../../devices/lima/eiger.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { choice, choiceHandlers, valuesOf } from "../device/choices.ts";
import { compressions, type Eiger, openEiger } from "../simplon/eiger.ts";
import type { Simplon, SimplonValue } from "../simplon/rest.ts";

/** Attributes that are ON or OFF: the detector's key, and its values for them. */
const switches = {
  countrate_correction: { key: "countrate_correction_applied", words: [true, false] },
  flatfield_correction: { key: "flatfield_correction_applied", words: [true, false] },
  auto_summation: { key: "auto_summation", words: [true, false] },
  efficiency_correction: { key: "efficiency_correction_applied", words: [true, false] },
  virtual_pixel_correction: { key: "virtual_pixel_correction_applied", words: [true, false] },
  retrigger: { key: "retrigger", words: [true, false] },
  pixel_mask: { key: "pixel_mask_applied", words: [true, false] },
  threshold_diff_mode: { key: "threshold/difference/mode", words: ["enabled", "disabled"] },
} as const satisfies Record<string, { key: string; words: readonly [on: SimplonValue, off: SimplonValue] }>;
type Switch = keyof typeof switches;

export const eigerClass = (detector: Detector) =>
  deviceClass(eiger, async (device) => {
    const { detector_ip_address: host, http_port: port, stream_port, stream_format, api_version } = device.properties;
    if (stream_format !== "legacy" && stream_format !== "cbor")
      throw new Error(`Property stream_format is "${stream_format}": legacy or cbor is wanted`);
    const place = { host, port, version: api_version, stream: stream_format } as const;
    const options = stream_port > 0 ? { ...place, streamPort: stream_port } : place;
    const camera = await openEiger(options, { signal: device.signal });
    const { simplon } = camera;
    const patterns = await simplon.choices("config/roi_mode").catch((): readonly string[] => []);
    const connected = detector.connect("eiger", device.name, camera);
    const choices = { compression_type: compressionChoice(camera) };
    return {
      ...{ ...switchHandlers(camera), ...choiceHandlers(choices) },
      ...{ ...stateMembers(camera), ...streamMembers(camera), ...patternMembers(camera, patterns) },
      detector_ip: () => host,
      api_version: () => api_version,
      api_generation: () => (api_version.startsWith("1.6") ? "Eiger1" : "Eiger2"),
      threshold_energy: energy(simplon, "threshold_energy"),
      threshold_energy2: energy(simplon, "threshold/2/energy"),
      photon_energy: energy(simplon, "photon_energy"),
      initialize: async () => {
        await simplon.command("initialize", { timeout: initializing });
        await camera.refresh();
      },
      deleteMemoryFiles: () => simplon.clearFiles(),
      resetHighVoltage: async () => void (await simplon.command("hv_reset", { timeout: initializing })),
      getAttrStringValueList: (attribute) => {
        const name = attribute.toLowerCase();
        if (name === "hwroi_pattern") return [...patterns];
        return name in switches ? ["ON", "OFF"] : valuesOf(choices, attribute);
      },
      [Symbol.asyncDispose]: async () => connected[Symbol.asyncDispose](),
    };
  });

/** Milliseconds of the commands that take long. */
const initializing = 120_000;

function stateMembers(camera: Eiger) {
  const status = (key: string) => camera.simplon.read("detector", `status/${key}`);
  return {
    temperature: async () => Number(await status("board_000/th0_temp")),
    humidity: async () => Number(await status("board_000/th0_humidity")),
    high_voltage_state: async () => String(await status("high_voltage/state")),
    cam_status: async () => String(await status("state")),
    plugin_status: () => camera.status,
    model_size: () => /\d+(?:\.\d+)?[MK]\b/.exec(camera.capabilities.model)?.[0] ?? "",
  };
}

const streamMembers = (camera: Eiger) => ({
  serie_id: () => camera.series,
  stream_last_info: () => [...camera.statistics.last],
  stream_stats: () => camera.statistics.values,
  latchStreamStatistics: (anew: boolean) => {
    const { values } = camera.statistics;
    if (anew) camera.statistics.clear();
    return values;
  },
  dynamic_pixel_depth: {
    read: () => camera.dynamicDepth,
    write: async (dynamic: boolean) => {
      camera.dynamicDepth = dynamic;
      await camera.refresh();
    },
  },
});

/** Parts of the detector that it can read out alone. */
function patternMembers(camera: Eiger, patterns: readonly string[]) {
  const { simplon } = camera;
  const parts = patterns.filter((pattern) => pattern !== "disabled");
  return {
    has_hwroi_support: () => parts.length > 0,
    // The detector tells the size of a pattern once it is chosen.
    hwroi_supported_list: () => parts.flatMap((pattern) => [pattern, "0", "0", "0", "0"]),
    hwroi_pattern: {
      read: async () => String(await simplon.read("detector", "config/roi_mode")),
      write: async (pattern: string) => {
        if (!patterns.includes(pattern))
          throw new Error(`Wrong value hwroi_pattern: ${pattern}; there are: ${patterns.join(", ") || "none"}`);
        await simplon.write("detector", "config/roi_mode", pattern);
        await camera.refresh();
      },
    },
  };
}

const compressionChoice = (camera: Eiger) =>
  choice(
    ["NONE", "LZ4", "BSLZ4"],
    () => camera.compression.toUpperCase() as "NONE" | "LZ4" | "BSLZ4",
    (word) => {
      camera.compression = compressions.find((each) => each.toUpperCase() === word) ?? "bslz4";
    },
  );

function switchHandlers(camera: Eiger) {
  const { simplon } = camera;
  const handlers = Object.entries(switches).map(
    ([
      name,
      {
        key,
        words: [on, off],
      },
    ]) => {
      const read = async () => ((await simplon.read("detector", `config/${key}`)) === on ? "ON" : "OFF");
      const write = async (text: string) => {
        const word = text.toUpperCase();
        if (word !== "ON" && word !== "OFF") throw new Error(`Wrong value ${name}: ${word}; ON or OFF is wanted`);
        await simplon.write("detector", `config/${key}`, word === "ON" ? on : off);
        await camera.refresh();
      };
      return [name, { read, write }] as const;
    },
  );
  return Object.fromEntries(handlers) as Record<
    Switch,
    { read: () => Promise<string>; write: (text: string) => Promise<void> }
  >;
}

const energy = (simplon: Simplon, key: string) => ({
  read: async () => Number(await simplon.read("detector", `config/${key}`)),
  write: (electronVolts: number) => simplon.write("detector", `config/${key}`, electronVolts),
});
