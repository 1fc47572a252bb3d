// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { refusedValue, writeValue } from "../../../tango/client/attribute-writing.ts";

const write = (attribute: Parameters<typeof writeValue>[2], value: unknown) =>
  writeValue("a/b/c", "x", attribute, value);

test("scalars and spectra go as they are", () => {
  expect(write({ code: 5, format: "SCALAR" }, 1.5)).toEqual({
    name: "x", code: 5, elements: [1.5], dim: { dim_x: 1, dim_y: 0 },
  }); // biome-ignore format: a record
  const values = Float64Array.of(1, 2, 3);
  const spectrum = write({ code: 5, format: "SPECTRUM" }, values);
  expect(spectrum.elements).toBe(values);
  expect(spectrum.dim).toEqual({ dim_x: 3, dim_y: 0 });
});

test("images: data with a shape, or rows", () => {
  const image = { code: 2, format: "IMAGE" } as const;
  const [data, dim] = [[1, 2, 3, 4, 5, 6], { dim_x: 3, dim_y: 2 }] as const;
  expect(write(image, { data: Int16Array.from(data), shape: [2, 3] })).toMatchObject({
    elements: Int16Array.from(data),
    dim,
  });
  expect(write(image, [[1, 2, 3], Int16Array.of(4, 5, 6)])).toMatchObject({ elements: data, dim });
  expect(write(image, [])).toMatchObject({ elements: [], dim: { dim_x: 0, dim_y: 0 } });
});

test("enumerations by label or by index", () => {
  const choice = { code: 29, format: "SCALAR", enumLabels: ["OFF", "ON"] } as const;
  expect(write(choice, "ON").elements).toEqual([1]);
  expect(write(choice, 0).elements).toEqual([0]);
  expect(write({ ...choice, format: "SPECTRUM" }, ["ON", 0]).elements).toEqual([1, 0]);
  expect(() => write(choice, "HOT")).toThrow(
    "Value for attribute x of device a/b/c: an index, or one of OFF, ON expected",
  );
});

test.each([
  ["a number for a spectrum", { code: 5, format: "SPECTRUM" }, 1, /a list of DevDouble expected/],
  ["a flat list for an image", { code: 2, format: "IMAGE" }, [1, 2], /a list of equally long rows, expected/],
  ["rows of several lengths", { code: 2, format: "IMAGE" }, [[1, 2], [3]], /equally long rows/],
  [
    "a shape that does not fit",
    { code: 2, format: "IMAGE" },
    { data: [1, 2, 3], shape: [2, 2] },
    /\[2, 2\] does not hold 3/,
  ],
] as const)("%s is refused", (_what, attribute, value, problem) => {
  expect(() => write(attribute, value)).toThrow(problem);
});

test("what the codec refuses is the value's fault, and says of what", () => {
  const error = refusedValue(new TypeError("256 is no DevUChar"), "attribute x of device a/b/c", "API_Reason", "here");
  expect(error).toMatchObject({
    errors: [{ reason: "API_Reason", desc: "Value for attribute x of device a/b/c: 256 is no DevUChar" }],
  });
  const other = new Error("another");
  expect(refusedValue(other, "", "", "")).toBe(other);
});
