// SPDX-License-Identifier: MIT
// Which boxes and detectors addresses and configuration files mean, and what their settings are in the box.
import { expect, test } from "vitest";
import { acquisitionValues } from "../../../../servers/mosca/falconx/acquisition-value-table.ts";
import { layoutOf, parseLayout } from "../../../../servers/mosca/falconx/layout.ts";

test("addresses: the port of the real ones unless another is said", () => {
  expect(layoutOf(["falcon1", " 10.0.0.2:9000 "])).toEqual({
    file: "",
    boxes: [{ place: { host: "falcon1", port: 8756 } }, { place: { host: "10.0.0.2", port: 9000 } }],
  });
  expect(() => layoutOf(["a:b"])).toThrow("address must be a host, or host:port (was: a:b)");
});

const file = (module: string, defaults = "") => `* a comment
[default definitions]
START #0
alias = d0
${defaults}
END #0
[module definitions]
START #0
alias = module1
${module}
END #0
`;
const module = `module_type = falconxn
inet_address = 192.168.1.100
channel0_alias = 4
channel1_alias = -1
channel3_alias = 0
default_chan3 = d0`;

test("a file: box, detectors and settings of their channels", () => {
  const { boxes, spectrumSize } = parseLayout(
    file(module, "detector_polarity = 1\nnumber_mca_channels = 1024.0"),
    "x.ini",
  );
  expect(spectrumSize).toBe(1024);
  expect(boxes).toEqual([
    {
      place: { host: "192.168.1.100", port: 8756 },
      channels: new Map([
        [4, 0],
        [0, 3],
      ]),
      values: new Map([
        [0, {}],
        [3, { "afe.invert": false }],
      ]),
    },
  ]);
});

test.each([
  [file("module_type = xmap"), "x.ini, module module1: module_type must be falconxn (was: xmap)"],
  [file("module_type = falconxn"), "x.ini, module module1: inet_address is missing"],
  [file(`${module}\nchannel5_alias = 4`), "x.ini, module module1: detector 4 was there before"],
  [file(`${module}\nchannel5_alias = 1.5`), "channel5_alias must be a whole number (was: 1.5)"],
  [file("module_type = falconxn\ninet_address = a"), "no channel<n>_alias: no detector"],
  [file(module, "analog_gain = 17"), "x.ini, defaults d0: analog_gain must be 1 to 16 (was: 17)"],
  ["[module definitions]\n", "x.ini: no [module definitions]: no detector"],
  ["", "x.ini: no [module definitions]"],
])("a file with a mistake says where: %#", (text, message) => {
  expect(() => parseLayout(text, "x.ini")).toThrow(message);
});

test("settings as handel writes them are those of the box", () => {
  expect(
    acquisitionValues({
      ...{
        analog_gain: 4,
        analog_offset: -48,
        attenuation: 1,
        coupling: 1,
        decay_time: 3,
        reset_blanking_presamples: 50,
      },
      ...{ detection_threshold: 0.01, detection_filter: 4, scale_factor: 5, mapping_mode: 1, clock_speed: 250 },
    }),
  ).toEqual({
    "afe.dacGain": 409.6 * 5,
    "afe.dacOffset": 2000,
    "afe.attn": "-6dB",
    "afe.coupling": "dc",
    "afe.decayTime": "very-short",
    "blanking.preSamples": 50n,
    "pulse.detectionThreshold": 0.01,
    "pulse.sourceType": "maxThroughput",
    "histogram.coarseBinScaling": 4n,
    "pulse.scaleFactor": 1.25,
  });
  for (const [name, value] of [
    ["analog_offset", 3000],
    ["detection_filter", 5],
    ["scale_factor", 0.4],
  ] as const)
    expect(() => acquisitionValues({ [name]: value })).toThrow(`${name} must be`);
});
