// SPDX-License-Identifier: MIT
// image_*: what is done to frames, and how the result looks.
import type { Acquisition } from "../acquisition.ts";
import { pixelKinds } from "../frame.ts";
import { checkOperations, type ImageOperations, rotations } from "../image-operations.ts";
import { choice } from "./choices.ts";
import type { Lima, LimaMembers } from "./lima.ts";

/** Takes a change when the detector's image allows it. */
export function changeOperations(acquisition: Acquisition, part: Partial<ImageOperations>): void {
  const wanted = { ...acquisition.parameters.operations, ...part };
  const { width, height } = acquisition.camera.capabilities;
  // A region of interest belongs to the image as it was binned and turned: without one it cannot be wrong.
  const whole = "roi" in part ? wanted : { ...wanted, roi: [0, 0, 0, 0] as const };
  checkOperations(width, height, whole);
  acquisition.parameters.operations = wanted;
}

export const two = <T>(attribute: string, values: ArrayLike<T>): readonly [T, T] => {
  const [x, y] = Array.from(values);
  if (values.length !== 2 || x === undefined || y === undefined)
    throw new Error(`${attribute} takes two values, x and y; ${values.length} given`);
  return [x, y];
};

/** @throws Error unless there are four values */
export function roiOf(attribute: string, values: ArrayLike<number>): ImageOperations["roi"] {
  const [x, y, width, height] = Array.from(values);
  if (values.length !== 4 || x === undefined || y === undefined || width === undefined || height === undefined)
    throw new Error(`${attribute} takes x, y, width and height; ${values.length} values given`);
  return [x, y, width, height];
}

export const imageChoices = ({ acquisition }: Lima) => {
  const { parameters } = acquisition;
  return {
    image_rotation: choice(
      rotations,
      () => parameters.operations.rotation,
      (rotation) => changeOperations(acquisition, { rotation }),
    ),
    image_bin_mode: choice(
      ["SUM", "MEAN"],
      () => parameters.operations.binMode,
      (binMode) => changeOperations(acquisition, { binMode }),
    ),
  };
};

export const imageMembers = ({ acquisition }: Lima) => {
  const { parameters } = acquisition;
  return {
    camera_type: () => acquisition.camera.capabilities.type,
    camera_model: () => acquisition.camera.capabilities.model,
    camera_pixelsize: () => Float64Array.from(acquisition.camera.capabilities.pixelSize),
    image_type: () => acquisition.imageType,
    image_width: () => acquisition.size[0],
    image_height: () => acquisition.size[1],
    image_sizes: () => {
      const { signed, bytes } = pixelKinds[acquisition.imageType];
      return Uint32Array.of(signed ? 1 : 0, bytes, ...acquisition.size);
    },
    image_max_dim: () => {
      const { width, height } = acquisition.camera.capabilities;
      return Uint32Array.of(width, height);
    },
    image_roi: {
      read: () => {
        const { roi } = parameters.operations;
        return Int32Array.from(roi[2] > 0 ? roi : [0, 0, ...acquisition.size]);
      },
      write: (values) => {
        changeOperations(acquisition, { roi: roiOf("image_roi", values) });
      },
    },
    image_bin: {
      read: () => Uint32Array.from(parameters.operations.bin),
      write: (values) => changeOperations(acquisition, { bin: two("image_bin", values) }),
    },
    image_flip: {
      read: () => [...parameters.operations.flip],
      write: (values) => changeOperations(acquisition, { flip: two("image_flip", values) }),
    },
  } satisfies LimaMembers;
};
