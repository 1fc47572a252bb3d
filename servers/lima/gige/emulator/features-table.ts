// SPDX-License-Identifier: MIT
// The features of the emulated camera, as its description tells them and its registers hold them.
import { pixelFormats } from "../pixel-format-table.ts";
import { registers } from "../registers-table.ts";

interface Place {
  readonly name: string;
  readonly category: string;
}
interface Register extends Place {
  readonly address: number;
  readonly access: "RO" | "RW" | "WO";
}
export interface IntegerFeature extends Register {
  readonly kind: "integer";
  readonly initial: number;
  readonly min: number;
  /** A number, or the feature that says it. */
  readonly max: number | string;
  readonly step: number;
  /** Bits of a big-endian register, counted from the highest. */
  readonly bits?: readonly [lsb: number, msb: number];
}
export interface FloatFeature extends Register {
  readonly kind: "float";
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** The register holds whole multiples of this; without it a 32-bit float. */
  readonly unit?: number;
}
export interface EnumerationFeature extends Register {
  readonly kind: "enumeration";
  readonly initial: number;
  readonly entries: Readonly<Record<string, number>>;
  /** A feature that chooses among registers 0x20 apart. */
  readonly chosenBy?: string;
}
export interface CommandFeature extends Register {
  readonly kind: "command";
}
export interface BooleanFeature extends Register {
  readonly kind: "boolean";
  readonly initial: 0 | 1;
}
export interface TextFeature extends Register {
  readonly kind: "text";
  readonly length: number;
}
export interface FormulaFeature extends Place {
  readonly kind: "formula";
  readonly formula: string;
  /** The feature each name of the formula stands for. */
  readonly variables: Readonly<Record<string, string>>;
  readonly whole: boolean;
}
export type Feature =
  | IntegerFeature | FloatFeature | EnumerationFeature | CommandFeature | BooleanFeature | TextFeature
  | FormulaFeature; // biome-ignore format: a list

/** Where the camera's own registers are. */
export const addresses = {
  width: 0x1000, height: 0x1004, offsetX: 0x1008, offsetY: 0x100c, sensorWidth: 0x1010, sensorHeight: 0x1014,
  pixelFormat: 0x1018, testImage: 0x101c,
  acquisition: 0x1100, acquisitionMode: 0x1104, frameCount: 0x1108, frameRate: 0x110c, frameRateEnable: 0x1110,
  exposure: 0x1114, exposureMode: 0x1118, triggerSelector: 0x111c, triggerSoftware: 0x1120,
  triggerMode: 0x1200, triggerSource: 0x1204,
  gain: 0x1300, temperature: 0x1304, userOutput: 0x1308, lineSource: 0x130c, paramsLocked: 0x1310,
} as const; // biome-ignore format: a table

const [image, acquisition, control, transport] = [
  "ImageFormatControl", "AcquisitionControl", "DeviceControl", "TransportLayerControl",
]; // biome-ignore format: a list

type Options<F extends Feature> = Omit<F, "kind" | "name" | "category" | "address">;
const integer = (category: string, name: string, address: number, options: Options<IntegerFeature>): Feature => ({
  kind: "integer",
  ...{ category, name, address },
  ...options,
});
const enumeration = (
  category: string,
  name: string,
  address: number,
  entries: Readonly<Record<string, number>>,
  more: { initial?: number; chosenBy?: string } = {},
): Feature => ({ kind: "enumeration", ...{ category, name, address, entries }, access: "RW", initial: 0, ...more });
const command = (category: string, name: string, address: number): Feature => ({
  ...{ kind: "command", category, name, address, access: "WO" },
});
const text = (name: string, address: number, length: number, access: "RO" | "RW" = "RO"): Feature => ({
  ...{ kind: "text", category: control, name, address, length, access },
});

const formats = Object.fromEntries(
  pixelFormats.filter(({ name }) => name.startsWith("Mono")).map(({ name, code }) => [name, code]),
);
export const mono8 = 0x01080001;

export interface SensorSize {
  readonly width: number;
  readonly height: number;
}

export const featuresOf = ({ width, height }: SensorSize): readonly Feature[] => [
  text("DeviceVendorName", registers.manufacturer, 32),
  text("DeviceModelName", registers.model, 32),
  text("DeviceVersion", registers.deviceVersion, 32),
  text("DeviceID", registers.serialNumber, 16),
  text("DeviceUserID", registers.userName, 16, "RW"),
  { kind: "float", category: control, name: "DeviceTemperature", address: addresses.temperature, access: "RO", initial: 41.5, min: -40, max: 125 },
  integer(image, "SensorWidth", addresses.sensorWidth, { access: "RO", initial: width, min: 1, max: width, step: 1 }),
  integer(image, "SensorHeight", addresses.sensorHeight, { access: "RO", initial: height, min: 1, max: height, step: 1 }),
  integer(image, "Width", addresses.width, { access: "RW", initial: width, min: 4, max: "SensorWidth", step: 4 }),
  integer(image, "Height", addresses.height, { access: "RW", initial: height, min: 2, max: "SensorHeight", step: 2 }),
  integer(image, "OffsetX", addresses.offsetX, { access: "RW", initial: 0, min: 0, max: "SensorWidth", step: 4 }),
  integer(image, "OffsetY", addresses.offsetY, { access: "RW", initial: 0, min: 0, max: "SensorHeight", step: 2 }),
  enumeration(image, "PixelFormat", addresses.pixelFormat, formats, { initial: mono8 }),
  enumeration(image, "TestPattern", addresses.testImage, { Off: 0, GreyDiagonalRamp: 1 }),
  enumeration(acquisition, "AcquisitionMode", addresses.acquisitionMode, { Continuous: 0, SingleFrame: 1, MultiFrame: 2 }),
  command(acquisition, "AcquisitionStart", addresses.acquisition),
  command(acquisition, "AcquisitionStop", addresses.acquisition),
  integer(acquisition, "AcquisitionFrameCount", addresses.frameCount, { access: "RW", initial: 1, min: 1, max: 65535, step: 1 }),
  { kind: "boolean", category: acquisition, name: "AcquisitionFrameRateEnable", address: addresses.frameRateEnable, access: "RW", initial: 0 },
  { kind: "float", category: acquisition, name: "AcquisitionFrameRate", address: addresses.frameRate, access: "RW", initial: 10, min: 0.01, max: 5000 },
  { kind: "float", category: acquisition, name: "ExposureTime", address: addresses.exposure, access: "RW", initial: 10_000, min: 10, max: 1e7, unit: 0.1 },
  enumeration(acquisition, "ExposureMode", addresses.exposureMode, { Timed: 0, TriggerWidth: 1 }),
  enumeration(acquisition, "TriggerSelector", addresses.triggerSelector, { FrameStart: 0, AcquisitionStart: 1 }),
  enumeration(acquisition, "TriggerMode", addresses.triggerMode, { Off: 0, On: 1 }, { chosenBy: "TriggerSelector" }),
  enumeration(acquisition, "TriggerSource", addresses.triggerSource, { Software: 0, Line1: 1, Line2: 2 }, { chosenBy: "TriggerSelector" }),
  command(acquisition, "TriggerSoftware", addresses.triggerSoftware),
  { kind: "formula", category: acquisition, name: "ResultingFrameRate", formula: "ENABLE ? RATE : 1000000 / EXPOSURE", whole: false,
    variables: { ENABLE: "AcquisitionFrameRateEnableRegister", RATE: "AcquisitionFrameRate", EXPOSURE: "ExposureTime" } },
  { kind: "float", category: "AnalogControl", name: "Gain", address: addresses.gain, access: "RW", initial: 0, min: 0, max: 24 },
  enumeration("DigitalIOControl", "LineSource", addresses.lineSource, { Off: 0, ExposureActive: 1, UserOutput: 2 }),
  { kind: "boolean", category: "DigitalIOControl", name: "UserOutputValue", address: addresses.userOutput, access: "RW", initial: 0 },
  { kind: "formula", category: transport, name: "PayloadSize", formula: "(WIDTH * HEIGHT * ((FORMAT >> 16) & 0xFF) + 7) / 8", whole: true,
    variables: { WIDTH: "Width", HEIGHT: "Height", FORMAT: "PixelFormat" } },
  integer(transport, "TLParamsLocked", addresses.paramsLocked, { access: "RW", initial: 0, min: 0, max: 1, step: 1 }),
  integer(transport, "GevSCPSPacketSize", registers.packetSize, { access: "RW", initial: 1500, min: 576, max: 16_000, step: 4, bits: [31, 16] }),
  integer(transport, "GevSCPD", registers.packetDelay, { access: "RW", initial: 0, min: 0, max: 1_000_000, step: 1 }),
]; // biome-ignore format: a table
