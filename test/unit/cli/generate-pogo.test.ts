// SPDX-License-Identifier: MIT
// What Pogo's description of a class becomes. The file has every type, kind and option that Pogo offers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { interfaceFile } from "../../../cli/generate-interface.ts";
import { pogoClasses } from "../../../cli/generate-pogo.ts";

const file = join(import.meta.dirname, "../../vectors/pogo/Furnace.xmi");
const xmi = readFileSync(file, "utf8");
const written = (text = xmi) => interfaceFile(pogoClasses(text, "Furnace.xmi")[0]!, "a test", "../tango/index.ts");
const line = (name: string) => new RegExp(`^ +${name}: (.*),$`, "m").exec(written())?.[1];

test("properties with their defaults", () => {
  expect(line("Library")).toBe('property(DevString, "/usr/lib", "Where it is")');
  expect(line("Host")).toBe('property(DevString, undefined, "Host of the furnace")');
  expect(line("Baud")).toBe('property(DevLong, 9600, "Baud of the furnace")');
  expect(line("Offsets")).toBe('property(DevVarDoubleArray, Float64Array.of(0.5, -1), "Offsets of the furnace")');
  expect(line("Names")).toBe('property(DevVarStringArray, ["one", "two & three"], "Names of the furnace")');
  expect(line("Serial")).toBe('property(DevLong64, 9007199254740993n, "Serial of the furnace")');
  expect(line("Simulated")).toBe('property(DevBoolean, true, "Simulated of the furnace")');
  expect(line("Comment")).toBe('optionalProperty(DevString, "Comment of the furnace")');
});

test("attributes of every kind, with all that is set", () => {
  expect(line("UIntScalar")).toBe("writable(DevULong)");
  expect(line("LongSpectrum")).toBe("writable(spectrum(DevLong64, 100))");
  expect(line("UCharImage")).toBe("readable(image(DevUChar, 640, 480))");
  expect(line("Approach")).toBe('readWithWrite(DevFloat, "Setpoint", { unit: "K" })');
  expect(line("Setpoint")).toBe('writeOnly(DevFloat, { unit: "K", memorized: "restored" })');
  expect(line("Mode")).toBe('writable(DevEnum, { enumLabels: ["OFF","HEAT","HOLD"] })');
  expect(line("Temperature")).toBe(
    'writable(DevDouble, { label: "Sample temperature", unit: "K", description: "Of the \\"sample\\"", level: "EXPERT", ' +
      'standardUnit: "1", displayUnit: "K", format: "%6.3f", minValue: 0, maxValue: 1500, minAlarm: 3, maxAlarm: 1400, ' +
      "minWarning: 5, maxWarning: 1300, deltaTime: 500, deltaValue: 2, relChange: 1, absChange: 0.5, eventPeriod: 2000, " +
      'archiveRelChange: 5, archiveAbsChange: 1, archivePeriod: 60000, memorized: "written", ' +
      'events: {"change":"checked","archive":"pushed"}, dataReadyEvent: true, pollingPeriod: 1000 })',
  );
  expect(line("Pressure")).toBe("forwarded()");
});

test("commands and pipes; those every device has are left out", () => {
  expect(line("EchoDoubleStringArray")).toBe(
    'command(DevVarDoubleStringArray, DevVarDoubleStringArray, { inputDescription: "any DoubleStringArrayType" })',
  );
  expect(line("EchoVoid")).toBe("command(DevVoid, DevVoid)");
  expect(line("Count")).toBe('command(DevVoid, DevLong, { outputDescription: "how often", pollingPeriod: 500 })');
  expect(line("Report")).toBe('readablePipe({ description: "All of it" })');
  expect(line("Recipe")).toBe("writablePipe()");
  expect(line("State")).toBeUndefined();
});

test("the value is named as one writes it", () => {
  const named = (name: string) => /export const (\w+) =/.exec(written(xmi.replace('"Furnace"', `"${name}"`)))?.[1];
  expect(["Furnace", "CT2", "PSCamera", "IO"].map(named)).toEqual(["furnace", "ct2", "psCamera", "io"]);
});

test.each([
  ["not XML", "<a><b></a>", /bad\.xmi:1:\d+: not XML: unexpected close tag/],
  ["another document", "<html/>", /bad\.xmi is no class description of Pogo: it begins with <html>/],
  ["no class", '<p:PogoSystem xmlns:p="x"/>', /bad\.xmi describes no class/],
  ["an unknown type", xmi.replaceAll("pogoDsl:UIntType", "pogoDsl:QuadType"), /Furnace\.\w+ has the type QuadType/],
  [
    "an unknown kind",
    xmi.replace('attType="Image"', 'attType="Cube"'),
    /is of the kind "Cube": Scalar, Spectrum or Image/,
  ],
  ["a command without a name", xmi.replace('commands name="Count"', "commands"), /a command of Furnace has no name/],
])("%s is refused with its reason", (_what, text, problem) => {
  expect(() => pogoClasses(text, "bad.xmi")).toThrow(problem);
});
