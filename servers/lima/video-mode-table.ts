// SPDX-License-Identifier: MIT
/** LIMA's video modes: how the pixels of a live picture lie in memory, with their numbers in VIDEO_IMAGE headers. */
export const videoModes = {
  Y8: 0, Y16: 1, Y32: 2, Y64: 3, RGB555: 4, RGB565: 5, RGB24: 6, RGB32: 7, BGR24: 8, BGR32: 9, BAYER_RG8: 10, BAYER_RG16: 11,
  BAYER_BG8: 12, BAYER_BG16: 13, I420: 14, YUV411: 15, YUV422: 16, YUV444: 17, YUV411PACKED: 18, YUV422PACKED: 19,
  YUV444PACKED: 20,
} as const; // biome-ignore format: a table
export type VideoMode = keyof typeof videoModes;
