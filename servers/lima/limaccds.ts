// SPDX-License-Identifier: MIT
// The LimaCCDs device: LIMA's control of one 2D detector, whatever the camera.
import { totalmem } from "node:os";
import { limaCCDs } from "../../devices/lima/limaccds.ts";
import { deviceClass } from "../../tango/index.ts";
import { Acquisition } from "./acquisition.ts";
import type { Detector } from "./detector.ts";
import { acquisitionChoices, acquisitionMembers } from "./device/acquisition-members.ts";
import { choiceHandlers, valuesOf } from "./device/choices.ts";
import { acquisitionEvents } from "./device/events.ts";
import { imageChoices, imageMembers } from "./device/image-members.ts";
import { keptChoices, keptMembers } from "./device/kept-members.ts";
import type { Lima } from "./device/lima.ts";
import { readoutMembers } from "./device/readout-members.ts";
import { saturationMembers } from "./device/saturation-members.ts";
import { savingChoices, savingMembers } from "./device/saving-members.ts";
import { configurationMembers, serverMembers } from "./device/server-members.ts";
import { attachShutter, shutterChoices, shutterMembers } from "./device/shutter-members.ts";
import { VideoView, videoChoices, videoMembers } from "./device/video-members.ts";
import { processingPool } from "./pipeline/pool.ts";
import { FileSaver } from "./saving/saver.ts";
import { defaultSaving } from "./saving/settings.ts";

export const limaCCDsClass = (detector: Detector) =>
  deviceClass(limaCCDs, async (device) => {
    checkCamera(detector, device.properties.LimaCameraType);
    const { BufferMaxMemory, BufferMallocTrimPad, UserDetectorName, UserInstrumentName } = device.properties;
    const memory = bufferMemory(BufferMaxMemory);
    const saver = new FileSaver(
      defaultSaving(UserInstrumentName, UserDetectorName || detector.camera.capabilities.model),
      () => detector.camera.saving,
    );
    const pool = processingPool(threadsOf(device.properties.NbProcessingThread));
    const events = acquisitionEvents(() => lima, {
      rate: () => readout.image_events_max_rate.read(),
      withData: () => readout.image_events_push_data.read(),
    });
    const acquisition = new Acquisition({
      camera: () => detector.camera,
      processors: detector.processors,
      pool,
      saver,
      bufferFrames: (bytes) => Math.max(1, Math.floor(memory / bytes)),
      onStatus: events.status,
      onCounters: events.counters,
    });
    const lima: Lima = { device, detector, acquisition, saver, video: new VideoView(acquisition) };
    const readout = readoutMembers(lima);
    const choices = {
      ...acquisitionChoices(lima),
      ...imageChoices(lima),
      ...savingChoices(lima),
      ...videoChoices(lima),
      ...keptChoices(),
      ...shutterChoices(lima),
    };
    const settings = {
      ...acquisitionMembers(lima),
      ...imageMembers(lima),
      ...savingMembers(lima),
      ...choiceHandlers(choices),
    };
    detector.acquisition = acquisition;
    const shutter = attachShutter(lima);
    return {
      ...settings,
      ...readout,
      ...videoMembers(lima),
      ...keptMembers(device.server.split("/").at(-1) ?? "", BufferMallocTrimPad),
      ...saturationMembers(lima),
      ...shutterMembers(lima),
      ...serverMembers(lima),
      ...(await configurationMembers(lima, settings)),
      getAttrStringValueList: (attribute) => valuesOf(choices, attribute),
      [Symbol.asyncDispose]: async () => {
        await acquisition.stop();
        await saver[Symbol.asyncDispose]();
        await pool[Symbol.asyncDispose]();
        shutter[Symbol.dispose]();
        detector.acquisition = undefined;
      },
    };
  });

/** Refuses a property that names another camera than the one there is. */
function checkCamera({ camera }: Detector, wanted: string): void {
  const { type } = camera.capabilities;
  if (wanted !== "" && wanted.toLowerCase() !== type.toLowerCase())
    throw new Error(`Property LimaCameraType is "${wanted}", but the camera device of this server is a ${type}`);
}

function threadsOf(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads;
  throw new Error(`Property NbProcessingThread is "${text}": a number of threads from 1 on is wanted`);
}

/** Bytes for the frames of one acquisition, from a percentage of the memory this process may use. */
function bufferMemory(percentage: string): number {
  const percent = Number(percentage);
  if (!(percent > 0 && percent <= 100))
    throw new Error(`Property BufferMaxMemory is "${percentage}": a percentage of the memory is wanted`);
  const allowed = process.constrainedMemory();
  return (percent / 100) * (allowed > 0 ? Math.min(allowed, totalmem()) : totalmem());
}
