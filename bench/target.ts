// SPDX-License-Identifier: MIT
// The device that bench/tango.ts times, beside the same class in C++ (bench/peers/target.cpp):
// node bench/target.ts NAME -nodb -dlist a/b/c -ORBendPoint giop:tcp:127.0.0.1:PORT
import {
  command,
  DevDouble,
  DevLong64,
  DevUShort,
  DevVarDoubleArray,
  DevVoid,
  defineInterface,
  deviceClass,
  image,
  readable,
  serve,
  spectrum,
  writable,
} from "../tango/index.ts";

const POINTS = 1000;
const SIZE = 1024;

const target = defineInterface({
  name: "BenchTarget",
  attributes: {
    double_scalar: writable(DevDouble),
    event_scalar: readable(DevDouble, { events: { change: "pushed" } }),
    double_spectrum: readable(spectrum(DevDouble, POINTS)),
    ushort_image: readable(image(DevUShort, SIZE, SIZE)),
  },
  commands: {
    Echo: command(DevDouble, DevDouble),
    EchoArray: command(DevVarDoubleArray, DevVarDoubleArray),
    Burst: command(DevLong64, DevVoid),
    /** Resident memory of the process in MiB, now and at its highest. */
    Memory: command(DevVoid, DevVarDoubleArray),
  },
});

// Shared by all devices, as in C++: a thousand of them cost their own memory only.
const points = Float64Array.from({ length: POINTS }, (_, index) => index);
const picture = { data: new Uint16Array(SIZE * SIZE).fill(7), shape: [SIZE, SIZE] as [number, number] };

const Target = deviceClass(target, (device) => {
  let scalar = 1.5;
  let last = 0;
  return {
    double_scalar: {
      read: () => scalar,
      write: (value) => {
        scalar = value;
      },
    },
    event_scalar: () => last,
    double_spectrum: () => points,
    ushort_image: () => picture,
    Echo: (value) => value,
    EchoArray: (values) => values,
    Burst: (count) => {
      for (let value = 0; value < count; value++) {
        last = value;
        device.push("event_scalar", value);
      }
    },
    Memory: () => [process.memoryUsage.rss() / 2 ** 20, process.resourceUsage().maxRSS / 2 ** 10],
  };
});

await serve({ server: "BenchTarget", classes: [Target] });
