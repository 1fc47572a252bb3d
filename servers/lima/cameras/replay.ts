// SPDX-License-Identifier: MIT
// The Replay device: images of files as the camera of this server.
import { replay } from "../../../devices/lima/replay.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { field } from "../device/fields.ts";
import { openReplay } from "../replay/replay.ts";

export const replayClass = (detector: Detector) =>
  deviceClass(replay, async (device) => {
    const { file_pattern: pattern, loop, pixel_size } = device.properties;
    const [x = 1e-6, y = x] = pixel_size;
    const camera = await openReplay({ pattern, loop, pixelSize: [x, y] });
    const connected = detector.connect("replay", device.name, camera);
    const within = (first: number) => {
      if (first < 0 || first >= camera.images)
        throw new Error(`Invalid first_image: ${first}; there are ${camera.images} images, counted from 0`);
    };
    return {
      file_pattern: { read: () => camera.pattern, write: (files) => camera.open(files) },
      loop: field(camera, "loop"),
      nb_images: () => camera.images,
      first_image: field(camera, "first", within),
      trigExternal: () => camera.externalTrigger(),
      getAttrStringValueList: () => [],
      [Symbol.asyncDispose]: async () => connected[Symbol.asyncDispose](),
    };
  });
