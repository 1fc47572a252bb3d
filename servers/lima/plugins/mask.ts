// SPDX-License-Identifier: MIT
// The MaskDeviceServer device.
import { mask } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { choiceHandlers, keptChoice, valuesOf } from "../device/choices.ts";
import { maskBytes } from "../mask-file.ts";
import { ImageFile } from "./image-file.ts";
import { pluginSwitch } from "./switch.ts";

export const maskClass = (detector: Detector) =>
  deviceClass(mask, (device) => {
    const file = new ImageFile();
    const choices = { type: keptChoice(["STANDARD", "DUMMY"], "STANDARD") };
    let used: Uint8Array | undefined;
    const plugin = pluginSwitch<"mask">({
      device,
      detector,
      type: "mask",
      processor: (runLevel) => ({
        runLevel,
        counts: false,
        corrects: true,
        prepare: (size) => {
          file.check(size);
          used = file.image && maskBytes(file.image);
        },
        task: () => {
          const fill = choices.type.read() === "DUMMY" ? file.image?.pixels : undefined;
          return used && { do: "mask", mask: used, fill };
        },
      }),
    });
    return {
      ...plugin.members,
      ...choiceHandlers(choices),
      MaskFile: { read: () => file.file, write: (path) => file.read(path) },
      setMaskImage: (path) => file.read(path),
      setMaskFile: (path) => file.read(path),
      getAttrStringValueList: (attribute) => valuesOf(choices, attribute),
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });
