// SPDX-License-Identifier: MIT
// The attributes whose configuration was recorded on cppTango servers, and the class's rows in the database.
import {
  DevBoolean, DevDouble, DevEncoded, DevEnum, DevFloat, DevLong, DevLong64, DevShort, DevState, DevString, DevUChar,
  DevULong, DevULong64, DevUShort, defineInterface, deviceClass, type InterfaceDefinition, readable, writable,
} from "../../tango/index.ts"; // biome-ignore format: a list

const attributes = {
  p: writable(DevDouble),
  u: writable(DevDouble, {
    label: "UserLabel",
    description: "user desc",
    unit: "uu",
    standardUnit: "su",
    displayUnit: "du",
    format: "%5.1f",
    minValue: -100,
    maxValue: 100,
    minAlarm: -50,
    maxAlarm: 50,
    minWarning: -40,
    maxWarning: 40,
  }),
  al2: readable(DevDouble),
  sh: writable(DevShort),
  us: writable(DevUShort),
  uc: writable(DevUChar),
  lg: writable(DevLong),
  ul: writable(DevULong),
  l64: writable(DevLong64),
  u64: writable(DevULong64),
  fl: writable(DevFloat),
  st: writable(DevString),
  bo: writable(DevBoolean),
  dst: writable(DevState),
  en: writable(DevEnum, { enumLabels: ["A", "B", "C"] }),
  enc: writable(DevEncoded),
};

const rows = {
  label: ["ClsLabel"],
  description: ["cls desc"],
  unit: ["cu"],
  format: ["%7.3f"],
  min_value: ["-200"],
  max_value: ["200"],
  min_alarm: ["-150"],
  max_alarm: ["150"],
  min_warning: ["-140"],
  max_warning: ["140"],
  abs_change: ["-7", "7"],
  rel_change: ["-8", "8"],
  archive_abs_change: ["-9", "9"],
  archive_period: ["4000"],
  event_period: ["3000"],
};
export const classRows = { p: rows, u: rows };

const named = (name: string) => {
  const definition: InterfaceDefinition = defineInterface({ name, attributes });
  const handlers = Object.fromEntries(
    Object.keys(attributes).map((name) => [name, { read: () => 0, write: () => {} }]),
  );
  return deviceClass(definition, () => handlers);
};
export const Configured = named("Configured");
export const WithClassRows = named("WithClassRows");
