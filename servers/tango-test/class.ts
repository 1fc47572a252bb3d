// SPDX-License-Identifier: MIT
// The TangoTest class: every type and format, moving values, echoes. What clients and tools are tried out on.
import { type Blob, type Device, devFailed, deviceClass } from "../../tango/index.ts";
import { generator } from "./generator.ts";
import { tangoTest } from "./interface-table.ts";
import { blankImage, kept, keptImage, keptSpectrum, randomData, sine, unmoved } from "./values.ts";

/** Milliseconds between new data unless the property Sleep_period says otherwise. */
const PERIOD = 2000;

const pipe: Blob = {
  name: "",
  elements: [
    { name: "FirstDE", value: { type: "DevString", value: "The string" } },
    { name: "SecondDE", value: { type: "DevLong", value: 666 } },
    { name: "ThirdDE", value: { type: "DevShort", value: 12 } },
  ],
};

const falses = (length: number) => Array<boolean>(length).fill(false);
const blanks = (length: number) => Array<string>(length).fill("");
const zeros = {
  double: (length: number): Float64Array => new Float64Array(length),
  float: (length: number): Float32Array => new Float32Array(length),
  long64: (length: number): BigInt64Array => new BigInt64Array(length),
  ulong64: (length: number): BigUint64Array => new BigUint64Array(length),
  long: (length: number): Int32Array => new Int32Array(length),
  ulong: (length: number): Uint32Array => new Uint32Array(length),
  short: (length: number): Int16Array => new Int16Array(length),
  ushort: (length: number): Uint16Array => new Uint16Array(length),
  uchar: (length: number): Uint8Array => new Uint8Array(length),
};

const echo = <T>(value: T): T => value;
const echoes = {
  DevBoolean: echo<boolean>, DevDouble: echo<number>, DevFloat: echo<number>, DevLong: echo<number>,
  DevLong64: echo<bigint>, DevShort: echo<number>, DevString: echo<string>, DevULong: echo<number>,
  DevULong64: echo<bigint>, DevUShort: echo<number>, DevVarCharArray: echo<Uint8Array>,
  DevVarDoubleArray: echo<Float64Array>, DevVarFloatArray: echo<Float32Array>, DevVarLong64Array: echo<BigInt64Array>,
  DevVarLongArray: echo<Int32Array>, DevVarShortArray: echo<Int16Array>, DevVarStringArray: echo<string[]>,
  DevVarULong64Array: echo<BigUint64Array>, DevVarULongArray: echo<Uint32Array>, DevVarUShortArray: echo<Uint16Array>,
  DevVoid: () => {},
}; // biome-ignore format: a table

/** Everything that is the same whatever the moment: what was written, or nothing. */
const steady = () => ({
  boolean_scalar: kept(true),
  float_scalar: unmoved(() => 0),
  string_scalar: kept("Default string"),
  uchar_scalar: unmoved(() => 0),
  ushort_scalar: unmoved(() => 0),
  double_scalar_w: () => {},
  long_scalar_w: () => {},
  short_scalar_w: () => {},
  boolean_spectrum: keptSpectrum(falses),
  double_spectrum: keptSpectrum(zeros.double),
  float_spectrum: keptSpectrum(zeros.float),
  long_spectrum: keptSpectrum(zeros.long),
  short_spectrum: keptSpectrum(zeros.short),
  string_spectrum: keptSpectrum(blanks),
  uchar_spectrum: keptSpectrum(zeros.uchar),
  ushort_spectrum: keptSpectrum(zeros.ushort),
  boolean_image: keptImage(falses),
  double_image: keptImage(zeros.double),
  double_image_ro: blankImage(zeros.double),
  float_image: keptImage(zeros.float),
  float_image_ro: blankImage(zeros.float),
  long64_image_ro: blankImage(zeros.long64),
  long_image: keptImage(zeros.long),
  long_image_ro: blankImage(zeros.long),
  short_image: keptImage(zeros.short),
  short_image_ro: blankImage(zeros.short),
  string_image: keptImage(blanks),
  uchar_image: keptImage(zeros.uchar),
  ulong64_image_ro: blankImage(zeros.ulong64),
  ulong_image_ro: blankImage(zeros.ulong),
  ushort_image: keptImage(zeros.ushort),
});

/** New at each moment. */
function moving(data: ReturnType<typeof randomData>, imageSize: number) {
  return {
    long64_scalar: unmoved(data.long("long64_scalar")),
    long_scalar: unmoved(data.scalar("long_scalar")),
    long_scalar_rww: data.scalar("long_scalar_rww"),
    short_scalar: unmoved(data.scalar("short_scalar")),
    short_scalar_ro: data.scalar("short_scalar_ro"),
    short_scalar_rww: data.scalar("short_scalar_rww"),
    ulong64_scalar: unmoved(data.long("ulong64_scalar")),
    ulong_scalar: unmoved(data.scalar("ulong_scalar")),
    boolean_spectrum_ro: data.booleans("boolean_spectrum_ro"),
    double_spectrum_ro: data.spectrum("double_spectrum_ro"),
    float_spectrum_ro: data.spectrum("float_spectrum_ro"),
    long64_spectrum_ro: data.longs("long64_spectrum_ro"),
    long_spectrum_ro: data.spectrum("long_spectrum_ro"),
    short_spectrum_ro: data.spectrum("short_spectrum_ro"),
    string_spectrum_ro: data.texts("string_spectrum_ro"),
    uchar_spectrum_ro: data.spectrum("uchar_spectrum_ro"),
    ulong64_spectrum_ro: data.longs("ulong64_spectrum_ro"),
    ulong_spectrum_ro: data.spectrum("ulong_spectrum_ro"),
    ushort_spectrum_ro: data.spectrum("ushort_spectrum_ro"),
    boolean_image_ro: data.booleanImage("boolean_image_ro"),
    string_image_ro: data.textImage("string_image_ro"),
    uchar_image_ro: data.image("uchar_image_ro", 251),
    ushort_image_ro: data.image("ushort_image_ro", imageSize),
  };
}

/** `crash` ends the process as a fault in it would. */
export const tangoTestClass = (crash: () => void) => deviceClass(tangoTest, (device) => open(device, crash));

function open(device: Device<typeof tangoTest>, crash: () => void) {
  const { Sleep_period = PERIOD, UShort_image_ro_size } = device.properties;
  let amplitude = 1;
  let shownAmplitude = amplitude;
  const source = generator(Sleep_period, () => {
    shownAmplitude = amplitude;
  });
  const data = randomData(source);
  const wave = () => 256 * sine(source.moment);
  device.state = "RUNNING";
  return {
    ...steady(),
    ...moving(data, UShort_image_ro_size),
    ...echoes,
    ampli: (value: number) => {
      amplitude = value;
    },
    double_scalar: unmoved(wave),
    double_scalar_rww: wave,
    wave: data.wave(() => shownAmplitude),
    no_value: () => undefined as never,
    throw_exception: () => {
      throw devFailed("exception test", "here is the exception you requested", "TangoTest::read_throw_exception");
    },
    DevVarDoubleStringArray: echo,
    DevVarLongStringArray: echo,
    SwitchStates: () => {
      device.state = device.state === "RUNNING" ? "FAULT" : "RUNNING";
    },
    DumpExecutionState: () => device.log.info(`moment ${source.moment}, a new one every ${Sleep_period} ms`),
    CrashFromDevelopperThread: crash,
    CrashFromOmniThread: crash,
    string_long_short_ro: { read: () => pipe },
    [Symbol.asyncDispose]: () => source[Symbol.dispose](),
  };
}
