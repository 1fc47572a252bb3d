// SPDX-License-Identifier: MIT
import { join } from "node:path";
import { expect, test } from "vitest";
import { basicPolicy } from "../../../../scanning/index.ts";
import { dated, numbered } from "../../../../scanning/policy/policy.ts";

test("paths of templates; parameters may change between scans", () => {
  const policy = basicPolicy("eh1", { base_path: "/data", template: "{session}/{sample}", sample: "Cu" });
  const scan = { name: "ascan", number: 3, save: true };
  expect(policy.saving(scan)).toMatchObject({
    filename: "/data/eh1/Cu/data.h5",
    imagesPath: "/data/eh1/Cu/scan0003/{img_acq_device}_",
    policy: { dataPolicy: "None", session: "eh1", proposal: null },
    info: { data_policy: "None", session_name: "eh1", data_writer: "nexus" },
  });
  Object.assign(policy.parameters, {
    sample: "Zn",
    data_filename: "{scan_name}_{scan_number}",
    scan_number_format: "%02d",
  });
  expect(policy.saving(scan).filename).toBe("/data/eh1/Zn/ascan_03.h5");
  expect(policy.saving({ ...scan, save: false }).filename).toBeNull();
  Object.assign(policy.parameters, { images_path_relative: false, images_path_template: "/buffer/{session}" });
  expect(policy.saving(scan).imagesPath).toBe("/buffer/eh1/{img_acq_device}_");
});

test("a word nobody knows is told with those that are known", () => {
  const policy = basicPolicy("eh1", { base_path: "/data", template: "{sesion}" });
  expect(() => policy.saving({ name: "ct", number: 1, save: true })).toThrow(
    /no value for \{sesion\}; there are .*session/,
  );
});

test("numbers and dates as Python formats them", () => {
  expect(["%04d", "%d", "scan%03d_"].map((format) => numbered(format, 7))).toEqual(["0007", "7", "scan007_"]);
  expect(dated("%Y%m%d", new Date(2026, 0, 5))).toBe("20260105");
  expect(join("a", dated("%y%m01", new Date(2026, 10, 24)))).toBe("a/261101");
});
