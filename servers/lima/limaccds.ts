// SPDX-License-Identifier: MIT
// The LimaCCDs device: LIMA's control of one 2D detector, whatever the camera.
import { limaCCDs } from "../../devices/lima/limaccds.ts";
import { type Device, deviceClass } from "../../tango/index.ts";
import { Acquisition } from "./acquisition.ts";
import type { Detector } from "./detector.ts";
import { acquisitionChoices, acquisitionMembers } from "./device/acquisition-members.ts";
import { choiceHandlers, valuesOf } from "./device/choices.ts";
import { acquisitionEvents } from "./device/events.ts";
import { imageChoices, imageMembers } from "./device/image-members.ts";
import { keptChoices, keptMembers } from "./device/kept-members.ts";
import type { Lima } from "./device/lima.ts";
import { bufferMemory, checkCamera, softwareOperations, threadsOf } from "./device/properties.ts";
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
    await using resources = new AsyncDisposableStack();
    const lima = openLima(device, detector, resources);
    const choices = {
      ...{ ...acquisitionChoices(lima), ...imageChoices(lima), ...savingChoices(lima) },
      ...{ ...videoChoices(lima), ...keptChoices(lima), ...shutterChoices(lima) },
    };
    /** What configurations keep. */
    const settings = {
      ...{ ...acquisitionMembers(lima), ...imageMembers(lima), ...savingMembers(lima) },
      ...choiceHandlers(choices),
    };
    const configurations = await configurationMembers(lima, settings);
    resources.use(attachShutter(lima));
    const owned = resources.move();
    return {
      ...{ ...settings, ...configurations },
      ...{ ...readoutMembers(lima), ...videoMembers(lima), ...saturationMembers(lima) },
      ...{ ...keptMembers(lima), ...shutterMembers(lima), ...serverMembers(lima) },
      getAttrStringValueList: (attribute) => valuesOf(choices, attribute),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  });

/** The acquisition and what it works with; `resources` ends them, the acquisition first. */
function openLima(device: Device<typeof limaCCDs>, detector: Detector, resources: AsyncDisposableStack): Lima {
  const { properties } = device;
  const memory = bufferMemory(properties.BufferMaxMemory);
  const instrument = properties.UserInstrumentName;
  const name = properties.UserDetectorName || detector.camera.capabilities.model;
  const threads = threadsOf(properties.NbProcessingThread);
  const pool = resources.use(processingPool(threads));
  const saving = { ...defaultSaving(instrument, name), tasks: properties.SavingMaxConcurrentWritingTask };
  const saver = resources.use(new FileSaver(saving, { hardware: () => detector.camera.saving, packers: threads }));
  const acquisition = new Acquisition({
    camera: () => detector.camera,
    processors: detector.processors,
    operations: softwareOperations(properties.ImageOpMode),
    bufferFrames: (bytes) => Math.max(1, Math.floor(memory / bytes)),
    ...{ pool, saver, ...acquisitionEvents(() => lima) },
  });
  const events = { rate: 25, withData: false };
  const lima: Lima = { device, detector, acquisition, saver, events, video: new VideoView(acquisition) };
  detector.acquisition = acquisition;
  resources.defer(async () => {
    await acquisition.stop();
    detector.acquisition = undefined;
  });
  return lima;
}
