// SPDX-License-Identifier: MIT
// Frames as their pixels, one after the other.
import { open } from "node:fs/promises";
import { bytesOf } from "../frame.ts";
import { flagsOf, writeWhole } from "./edf.ts";
import type { FileFormat } from "./format.ts";

export const rawFormat: FileFormat = {
  suffix: ".raw",
  stack: true,
  open: async (request) => {
    const file = await open(request.path, flagsOf(request));
    return {
      write: async ({ pixels }) => {
        await writeWhole(file, bytesOf(pixels));
        return pixels.byteLength;
      },
      close: () => file.close(),
    };
  },
};
