// SPDX-License-Identifier: MIT
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { parseUrl, textIn } from "../../../../servers/lima/gige/description.ts";

test.each([
  ["Local:arv-fake-camera.xml;10000;3e67", { file: "arv-fake-camera.xml", address: 0x10000, length: 0x3e67 }],
  ["local:///A.zip;0xC0000000;0x1F?SchemaVersion=1.1.0", { file: "A.zip", address: 0xc0000000, length: 0x1f }],
  ["http://www.example.org/camera.xml", undefined],
])("%s", (url, where) => expect(parseUrl(url)).toEqual(where));

test.each([
  "Local:a.xml",
  "Local:a.xml;zz;10",
  "Local:a.xml;10;0",
  "Local:a.xml;10;ffffffff",
  "Local:a.xml;123456789;10",
])("%s is refused", (url) => expect(() => parseUrl(url)).toThrow("is not understood"));

test("plain or zipped; a zip without XML or cut short is refused", () => {
  const xml = "<RegisterDescription/>";
  expect(textIn("a.xml", strToU8(xml))).toBe(xml);
  const zip = zipSync({ "readme.txt": strToU8("hello"), "camera.XML": strToU8(xml) });
  expect(textIn("a.zip", zip)).toBe(xml);
  expect(() => textIn("a.zip", zipSync({ "readme.txt": strToU8("hello") }))).toThrow("a.zip holds no .xml: readme.txt");
  for (let length = 2; length < zip.length; length += 7)
    expect(() => textIn("a.zip", zip.subarray(0, length))).toThrow(/a\.zip (cannot be unpacked|holds no \.xml)/);
});
