// SPDX-License-Identifier: MIT
// Frames as their pixels, one after the other.
import { open } from "node:fs/promises";
import { flagsOf, writeWhole } from "./edf.ts";
import type { FileFormat } from "./format.ts";

export const rawFormat: FileFormat = {
  suffix: ".raw",
  stack: true,
  open: async (request) => {
    const file = await open(request.path, flagsOf(request));
    return {
      write: async ({ pixels }) => {
        await writeWhole(file, new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
        return pixels.byteLength;
      },
      close: () => file.close(),
    };
  },
};
