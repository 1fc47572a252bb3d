// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { TelemetrySettings } from "../../../../tango/server/telemetry/settings.ts";

test("devices are traced when the environment says so, admin devices only when told", () => {
  const on = new TelemetrySettings(true);
  expect(["a/b/c", "dserver/x/y"].map((device) => on.traces(device))).toEqual([true, false]);
  on.of("dserver/x/y").enabled = true;
  on.of("a/b/c").tracing = false;
  expect(["a/b/c", "dserver/x/y"].map((device) => on.traces(device))).toEqual([false, true]);
});

test("otherwise none is, until it is told", () => {
  const off = new TelemetrySettings(false);
  expect(off.traces("a/b/c")).toBe(false);
  off.of("a/b/c").enabled = true;
  expect(["a/b/c", "d/e/f"].map((device) => off.traces(device))).toEqual([true, false]);
});
