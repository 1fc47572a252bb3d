// SPDX-License-Identifier: MIT
// The words by which existing clients drive motors, with their types: each finds its own in our interface.
import { expect, test } from "vitest";
import { motor } from "../../../devices/motor.ts";
import { motorGroup } from "../../../devices/motor-group.ts";
import type { AttributeDefinition, CommandDefinition } from "../../../tango/interface.ts";

type Members = Readonly<Record<string, string>>;

/** BLISS's axis server. */
const blissAttributes: Members = {
  Position: "DevDouble RW", Measured_Position: "DevDouble R", Velocity: "DevDouble RW", Acceleration: "DevDouble RW",
  AccTime: "DevDouble RW", FirstVelocity: "DevDouble RW", Backlash: "DevDouble RW", Sign: "DevShort RW",
  Offset: "DevDouble RW", Tolerance: "DevDouble RW", Steps: "DevLong R", Steps_per_unit: "DevDouble R",
  Home_Position: "DevDouble RW", HardLimitLow: "DevBoolean R", HardLimitHigh: "DevBoolean R",
  PresetPosition: "DevDouble RW", Limits: "DevDouble[2] RW", StepSize: "DevDouble RW", Home_side: "DevBoolean R",
  trajpar: "DevDouble[1000x5] RW",
}; // biome-ignore format: a table
const blissCommands: Members = {
  On: "DevVoid DevVoid", Off: "DevVoid DevVoid", GoHome: "DevVoid DevVoid", GoHomeInversed: "DevVoid DevVoid",
  Abort: "DevVoid DevVoid", Stop: "DevVoid DevVoid", StepUp: "DevVoid DevVoid", StepDown: "DevVoid DevVoid",
  JogMove: "DevDouble DevVoid", GetInfo: "DevVoid DevString", RawWrite: "DevString DevVoid",
  RawWriteRead: "DevString DevString", CtrlPosition: "DevVoid DevDouble", SyncHard: "DevVoid DevVoid",
  WaitMove: "DevVoid DevVoid", ReadConfig: "DevString DevString", GetCustomCommandList: "DevVoid DevVarStringArray",
  GetCustomAttributeList: "DevVoid DevVarStringArray", GetControllerClassName: "DevVoid DevString",
  SettingsToConfig: "DevVoid DevVoid", ApplyConfig: "DevBoolean DevVoid", SetPosition: "DevDouble DevDouble",
  SetDial: "DevDouble DevDouble", SetGate: "DevLong DevVoid",
}; // biome-ignore format: a table
const blissManager: Members = {
  GetAxisList: "DevVoid DevVarStringArray", GroupMove: "DevVarStringArray DevString",
  GroupState: "DevString DevVarStringArray", GroupAbort: "DevString DevVoid", ApplyConfig: "DevBoolean DevVoid",
}; // biome-ignore format: a table
/** Sardana's motors; BLISS's tango_attr_as_motor and tangoemot in any case of letters. */
const sardanaAttributes: Members = {
  Position: "DevDouble RW", DialPosition: "DevDouble R", Offset: "DevDouble RW", Velocity: "DevDouble RW",
  Acceleration: "DevDouble RW", Backlash: "DevDouble RW", Sign: "DevShort RW", Limit_switches: "DevBoolean[3] R",
}; // biome-ignore format: a table
const sardanaCommands: Members = {
  DefinePosition: "DevDouble DevVoid", MoveRelative: "DevDouble DevVoid", SaveConfig: "DevVoid DevVoid",
  Abort: "DevVoid DevVoid", Stop: "DevVoid DevVoid", Jog: "DevDouble DevVoid",
}; // biome-ignore format: a table

const attributes: ReadonlyMap<string, AttributeDefinition> = new Map(Object.entries(motor.attributes));
function attributeText(name: string): string | undefined {
  const definition = attributes.get(name);
  if (!definition) return undefined;
  const { type, format, maxX, maxY, access } = definition;
  const size = { SCALAR: "", SPECTRUM: `[${maxX}]`, IMAGE: `[${maxX}x${maxY}]` }[format];
  return `${type.name}${size} ${access === "READ" ? "R" : "RW"}`;
}
const commandText = (commands: Readonly<Record<string, CommandDefinition>>, name: string): string | undefined => {
  const definition = commands[name];
  return definition && `${definition.input.name} ${definition.output.name}`;
};

test.each([
  ["BLISS's axis server", blissAttributes, blissCommands],
  ["Sardana", sardanaAttributes, sardanaCommands],
])("a motor has the members of %s", (_client, expectedAttributes, expectedCommands) => {
  const found = Object.fromEntries(Object.keys(expectedAttributes).map((name) => [name, attributeText(name)]));
  expect(found).toEqual(expectedAttributes);
  const names = Object.keys(expectedCommands);
  expect(Object.fromEntries(names.map((name) => [name, commandText(motor.commands, name)]))).toEqual(expectedCommands);
});

test("a group has the commands of BLISS's axis manager", () => {
  const names = Object.keys(blissManager);
  expect(Object.fromEntries(names.map((name) => [name, commandText(motorGroup.commands, name)]))).toEqual(blissManager);
});
