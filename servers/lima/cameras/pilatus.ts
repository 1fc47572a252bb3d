// SPDX-License-Identifier: MIT
// The Pilatus device: a Dectris detector behind camserver as the camera of this server.
import { pilatus } from "../../../devices/lima/pilatus.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { energyIn, type Gain, gainCommands, gains, numberIn, sensorsIn, thresholdIn } from "../pilatus/answers.ts";
import { openPilatus, type Pilatus, readoutTime } from "../pilatus/pilatus.ts";

/** Milliseconds to set a threshold: camserver writes trim bits of every pixel. */
const thresholdTimeout = 120_000;

export const pilatusClass = (detector: Detector) =>
  deviceClass(pilatus, async (device) => {
    const { host_name: host, host_port: port, config_file: configFile, tmpfs_path: folder } = device.properties;
    const camera = await openPilatus({ host, port, configFile, folder }, { signal: device.signal });
    const connected = detector.connect("pilatus", device.name, camera);
    return {
      ...thresholdMembers(camera),
      ...settingMembers(camera),
      cam_state: () => camera.state,
      max_frame_rate: () => Math.floor(1 / readoutTime),
      readout_time: () => readoutTime,
      sendCamserverCmd: async (words: string) => void (await camera.camserver.ask(words)),
      resetHighVoltage: async (seconds: number) =>
        void (await camera.camserver.ask(`resetmodulepower ${seconds}`, {
          timeout: 1000 * seconds + thresholdTimeout,
        })),
      getAttrStringValueList: (attribute: string) =>
        ({ threshold_gain: [...gains], fill_mode: ["ON", "OFF"] })[attribute.toLowerCase()] ?? [],
      [Symbol.asyncDispose]: async () => connected[Symbol.asyncDispose](),
    };
  });

function thresholdMembers({ camserver }: Pilatus) {
  /** Set with the threshold; AUTO leaves the choice to camserver. */
  let gain: Gain = "AUTO";
  const current = async () => thresholdIn(await camserver.ask("setthreshold"));
  const set = async (threshold: number, wanted: Gain) => {
    const word = wanted === "AUTO" ? "" : `${gainCommands[wanted]} `;
    await camserver.ask(`setthreshold ${word}${threshold}`, { timeout: thresholdTimeout });
  };
  return {
    threshold_gain: {
      read: async () => (gain === "AUTO" ? gain : (await current()).gain),
      write: async (text: string) => {
        const word = text.toUpperCase();
        const wanted = gains.find((each) => each === word);
        if (!wanted) throw new Error(`Wrong value threshold_gain: ${word}; ${gains.join(", ")} are known`);
        const { threshold } = await current();
        if (threshold > 0) await set(threshold, wanted);
        gain = wanted;
      },
    },
    threshold: {
      read: async () => (await current()).threshold,
      write: (electronVolts: number) => set(electronVolts, gain),
    },
    energy_threshold: {
      read: async () => energyIn(await camserver.ask("setenergy")) / 1000,
      write: async (kiloElectronVolts: number) =>
        void (await camserver.ask(`setenergy ${Math.round(kiloElectronVolts * 1000)}`, { timeout: thresholdTimeout })),
    },
  };
}

function settingMembers({ camserver }: Pilatus) {
  const number = (command: string) => ({
    read: async () => numberIn(await camserver.ask(command)),
    write: async (value: number) => void (await camserver.ask(`${command} ${value}`)),
  });
  const sensors = async () => sensorsIn(await camserver.ask("thread"));
  return {
    fill_mode: {
      read: async () => (numberIn(await camserver.ask("gapfill")) === -1 ? "ON" : "OFF"),
      write: async (text: string) => {
        const word = text.toUpperCase();
        if (word !== "ON" && word !== "OFF") throw new Error(`Wrong value fill_mode: ${word}; ON or OFF is wanted`);
        await camserver.ask(`gapfill ${word === "ON" ? -1 : 0}`);
      },
    },
    trigger_delay: number("delay"),
    nb_exposure_per_frame: number("nexpframe"),
    readout_geometry: () => camserver.ask("setroi"),
    temperature_humidity: async () =>
      Float32Array.from((await sensors()).flatMap(({ temperature, humidity }) => [temperature, humidity])),
    sensor_channels: async () => Int16Array.from((await sensors()).map(({ channel }) => channel)),
  };
}
