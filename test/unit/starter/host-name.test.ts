// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { hostsOf, wrongHost } from "../../../servers/starter/host-name.ts";

test.each([
  ["lab1", "lab1"],
  ["LAB1", "lab1.example.org"],
  ["lab1", "Lab1"],
  ["", "lab1"],
  ["-?", "lab1"],
])("Starter %s may run on %s", (wanted, actual) => expect(wrongHost(wanted, actual, {})).toBeUndefined());

test("a Starter of another host may not, unless it is debugged", () => {
  expect(wrongHost("lab2", "lab1.example.org", {})).toBe("This server must run on lab2 and not on lab1");
  expect(wrongHost("lab2", "lab1", { DEBUG: "no" })).toBeDefined();
  expect(wrongHost("lab2", "lab1", { DEBUG: "True" })).toBeUndefined();
});

test("a Starter looks after its host, or after the hosts of its cluster", () => {
  expect(hostsOf("lab1", {})).toEqual(["lab1"]);
  expect(hostsOf("lab1", { TANGO_CLUSTER: "" })).toEqual(["lab1"]);
  expect(hostsOf("lab1", { TANGO_CLUSTER: "lab1:lab2" })).toEqual(["lab1", "lab2"]);
});
