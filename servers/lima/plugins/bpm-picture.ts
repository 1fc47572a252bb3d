// SPDX-License-Identifier: MIT
// How the pictures of plugins look, and the attributes of the beam position monitor that say so.
import { type Choice, choice } from "../device/choices.ts";
import { kept } from "../device/fields.ts";
import type { PictureStyle } from "../picture.ts";

export function checkQuality(quality: number): void {
  if (!(quality >= 1 && quality <= 100)) throw new Error(`Invalid JPEG quality: ${quality}; 1 to 100 is wanted`);
}

export const twoValues = (attribute: string) => (values: ArrayLike<unknown>) => {
  if (values.length !== 2) throw new Error(`${attribute} takes two values; ${values.length} given`);
};

/** What the properties of the device say at first. */
interface InitialLook {
  readonly autoscale: boolean;
  readonly color_map: boolean;
  readonly jpeg_quality: number;
  readonly min_max: Int32Array;
}

export function bpmPicture({ autoscale: scaled, color_map, jpeg_quality, min_max }: InitialLook) {
  const [min = 0, max = 65535] = min_max;
  const autoscale = kept(scaled);
  const coloured = kept(color_map);
  const quality = kept<number>(jpeg_quality, checkQuality);
  const range = kept<BigUint64Array>(BigUint64Array.of(BigInt(min), BigInt(max)), twoValues("min_max"));
  let levels: PictureStyle["levels"] = "LINEAR";
  const lut_method: Choice = choice(
    ["LINEAR", "LOG"],
    () => levels,
    (method) => void (levels = method),
  );
  return {
    get style(): PictureStyle {
      const [black = 0n, white = 65535n] = range.read();
      return {
        range: autoscale.read() ? undefined : [Number(black), Number(white)],
        ...{ levels, coloured: coloured.read(), quality: quality.read() },
      };
    },
    choices: { lut_method },
    members: { autoscale, color_map: coloured, jpeg_quality: quality, min_max: range },
  };
}
