// SPDX-License-Identifier: MIT
// The FlatfieldDeviceServer device.
import { flatField } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import { normalized } from "../corrections.ts";
import type { Detector } from "../detector.ts";
import { type Pixels, shared } from "../frame.ts";
import { ImageFile } from "./image-file.ts";
import { pluginSwitch } from "./switch.ts";

export const flatFieldClass = (detector: Detector) =>
  deviceClass(flatField, (device) => {
    const file = new ImageFile();
    let normalize = true;
    let flat: Pixels | undefined;
    const plugin = pluginSwitch<"divide">({
      device,
      detector,
      type: "flatfield",
      processor: (runLevel) => ({
        runLevel,
        counts: false,
        corrects: true,
        prepare: (size) => {
          file.check(size);
          flat = file.image && (normalize ? shared(normalized(file.image.pixels)) : file.image.pixels);
        },
        task: () => flat && { do: "divide", flat },
      }),
    });
    return {
      ...plugin.members,
      normalize: {
        read: () => normalize,
        write: (wanted) => {
          if (plugin.running) throw new Error("normalize can be written while the device is OFF only: Stop it first");
          normalize = wanted;
        },
      },
      FlatFieldFile: { read: () => file.file, write: (path) => file.read(path) },
      setFlatFieldImage: (path) => file.read(path),
      setFlatFieldFile: (path) => file.read(path),
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });
