// SPDX-License-Identifier: MIT
// Every format frames are saved in, read by fabio and h5py.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bytesOf, type Frame, type ImageType, imageTypeOf, type Pixels, pixelKinds } from "../../servers/lima/frame.ts";
import { defaultParameters } from "../../servers/lima/parameters.ts";
import { openSavedImages } from "../../servers/lima/saved-images.ts";
import { type FormatName, fileFormats } from "../../servers/lima/saving/format-table.ts";
import { FileSaver } from "../../servers/lima/saving/saver.ts";
import { defaultSaving, type SavingSettings } from "../../servers/lima/saving/settings.ts";
import { localLima } from "../world/lima-local.ts";
import { describeWith, python } from "../world/peers.ts";

const script = join(import.meta.dirname, "../world/lima-files.py");

interface Read {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly frames: readonly (readonly number[])[];
  readonly headers: Readonly<Record<string, string>>;
}
async function read(...files: string[]): Promise<Read[]> {
  const { stdout } = await promisify(execFile)(python, [script, ...files], { timeout: 60_000 });
  return JSON.parse(stdout);
}

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "lima-files-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Classes of groups and shapes of datasets of each entry, two levels below the instrument's. */
const tree = `
import h5py, json, sys
report = {"entries": {}}
with h5py.File(sys.argv[1], "r") as file:
    report["root"] = {key: file.attrs[key] for key in ("NX_class", "default", "creator", "file_name")}
    for entry in file:
        found = report["entries"][entry] = {"": file[entry].attrs["NX_class"]}
        def look(path, item):
            if path.count("/") <= 2 and "measurement/" not in path:
                found[path] = item.attrs["NX_class"] if isinstance(item, h5py.Group) else list(item.shape)
        file[entry].visititems(look)
    detector = file["entry_0000/id00/cam"]
    report["pixel"] = [float(detector[key][()]) for key in ("x_pixel_size", "y_pixel_size")]
    report["plot"] = list(file["entry_0001/measurement/data"].shape)
print(json.dumps(report))
`;

/** Differences of every size the byte-offset compression knows, in both directions. */
const steps = [0, 1, -1, 127, -127, 128, -128, 200, 32767, -32767, 32768, -40000, 2 ** 31 - 1, -(2 ** 31) + 1, 5, 3e9];

function frameOf(type: ImageType, index: number): Frame {
  const kind = pixelKinds[type];
  const pixels: Pixels = kind.create(20);
  pixels.set([...steps, 7, 8, 9, index].map((value) => (kind.signed ? value : Math.abs(value)) % (kind.max + 1)));
  return { index, width: 5, height: 4, pixels, time: index * 0.5 };
}

/** `saver`: one that has saved before; its threads need not start again. */
async function save(
  frames: readonly Frame[],
  settings: Partial<SavingSettings>,
  saver = newSaver(),
): Promise<FileSaver> {
  Object.assign(saver.settings, { mode: "AUTO_FRAME", prefix: "f", number: 0, ...settings });
  const [first] = frames;
  if (!first) throw new Error("nothing to save");
  const imageType = imageTypeOf(first.pixels);
  const { width, height } = first;
  const detector = { type: "Simulator", model: "Generator", pixelSize: [1e-5, 2e-5], width: 5, height: 4 } as const;
  await saver.prepare({ frames: frames.length, width, height, imageType, parameters: defaultParameters(), detector });
  for (const frame of frames) await (await saver.save(frame)).written;
  await saver.finish();
  return saver;
}
const newSaver = () => new FileSaver(defaultSaving("id00", "cam"));

const whole = ["Bpp8", "Bpp16", "Bpp16S", "Bpp32", "Bpp32S"] as const;
const everything = [...whole, "Bpp8S", "Bpp32F"] as const;
/** CBF has 32-bit integers whatever was put in. */
const cbfTypes: Readonly<Partial<Record<ImageType, string>>> = { Bpp8: "int32", Bpp16: "int32", Bpp16S: "int32" };

describeWith(["fabio", "h5py"], "saved frames", () => {
  test.each([
    ["HDF5", everything],
    ["HDF5GZ", ["Bpp16"]],
    ["HDF5BS", everything],
    ["EDF", everything],
    ["EDFGZ", ["Bpp16"]],
    ["TIFF", whole],
    ["CBF", whole],
  ] as const)("%s: every pixel type", async (format, types) => {
    await using place = await folder();
    const paths: string[] = [];
    await using saver = newSaver();
    for (const type of types) {
      const { suffix } = fileFormats[format];
      const settings = { format, suffix, directory: place.path, prefix: `${type}_` };
      await save([frameOf(type, 0)], { ...settings, commonHeader: new Map([["sample", "LaB6"]]) }, saver);
      paths.push(join(place.path, `${type}_0000${suffix}`));
    }
    const reports = await read(...paths);
    for (const [i, type] of types.entries()) {
      const wanted = format === "CBF" ? (cbfTypes[type] ?? pixelKinds[type].dtype) : pixelKinds[type].dtype;
      expect(reports[i], type).toMatchObject({ dtype: wanted, shape: [4, 5], frames: [[...frameOf(type, 0).pixels]] });
      if (/EDF|HDF5/.test(format)) expect(reports[i]?.headers.sample).toBe("LaB6");
    }
  });

  test("HDF5BS: frames of many blocks, noisy and smooth, that are smaller in the file", async () => {
    await using place = await folder();
    const [width, height] = [211, 97];
    const value = (i: number) => Math.floor(1000 * Math.exp(-((i - 9000) ** 2) / 1e6)) + ((i * 2654435761) % 7);
    const frames = (["Bpp8", "Bpp16", "Bpp32S", "Bpp32F"] as const).map((type): Frame => {
      const pixels = pixelKinds[type].create(width * height);
      for (let i = 0; i < pixels.length; i++) pixels[i] = value(i);
      return { index: 0, width, height, pixels, time: 0 };
    });
    await using saver = newSaver();
    for (const frame of frames) {
      const settings = { format: "HDF5BS", suffix: ".h5", directory: place.path, prefix: imageTypeOf(frame.pixels) };
      await save([frame], settings, saver);
      const [written = 0, , ratio = 0] = saver.rates.statistics;
      expect(written).toBeGreaterThan(0);
      expect(ratio).toBeGreaterThan(1.2);
    }
    const reports = await read(...frames.map(({ pixels }) => join(place.path, `${imageTypeOf(pixels)}0000.h5`)));
    for (const [i, { pixels }] of frames.entries()) expect(reports[i]?.frames[0]).toEqual([...pixels]);
  });

  test.each([["HDF5"], ["HDF5BS"], ["EDF"], ["EDFGZ"], ["EDFCONCAT"]] as const)(
    "%s: several frames a file, the rest in the next",
    async (format) => {
      await using place = await folder();
      const { suffix } = fileFormats[format];
      const frames = [0, 1, 2, 3, 4].map((index) => frameOf("Bpp16", index));
      await using saver = await save(frames, { format, suffix, directory: place.path, framesPerFile: 3, number: 7 });
      expect(saver.settings.number).toBe(9);
      const [first, second] = await read(join(place.path, `f0007${suffix}`), join(place.path, `f0008${suffix}`));
      expect(first?.frames).toEqual(frames.slice(0, 3).map(({ pixels }) => [...pixels]));
      expect(second?.frames).toEqual(frames.slice(3).map(({ pixels }) => [...pixels]));
    },
  );

  test.each([["HDF5"], ["EDF"]] as const)("%s: APPEND adds to the file, OVERWRITE begins it anew", async (format) => {
    await using place = await folder();
    const { suffix } = fileFormats[format as FormatName];
    const file = join(place.path, `f0000${suffix}`);
    const common = { format, suffix, directory: place.path, framesPerFile: 10, number: 0 };
    const one = frameOf("Bpp16", 0);
    for (const policy of ["ABORT", "APPEND"] as const) {
      await using _saver = await save([one], { ...common, policy });
    }
    expect((await read(file))[0]?.frames.length).toBe(2);
    await expect(save([one], { ...common, policy: "ABORT" })).rejects.toThrow(`File : ${file} already exist`);
    await using _saver = await save([one], { ...common, policy: "OVERWRITE" });
    expect((await read(file))[0]?.frames.length).toBe(1);
  });

  test("RAW: the pixels of each frame and nothing else", async () => {
    await using place = await folder();
    const frames = everything.map((type) => frameOf(type, 3));
    await using saver = newSaver();
    for (const frame of frames) {
      const settings = { format: "RAW", suffix: ".raw", directory: place.path, prefix: imageTypeOf(frame.pixels) };
      await save([frame, frame], { ...settings, framesPerFile: 2 }, saver);
      const written = await readFile(join(place.path, `${settings.prefix}0000.raw`));
      const pixels = bytesOf(frame.pixels);
      expect(Buffer.compare(written, Buffer.concat([pixels, pixels]))).toBe(0);
    }
  });

  test("several files are written at the same time: each frame in its own, told in order", async () => {
    await using place = await folder();
    await using world = await localLima();
    const told: number[] = [];
    await world.lima.writeAttributes({
      saving_format: "EDFGZ",
      saving_mode: "AUTO_FRAME",
      saving_directory: place.path,
    });
    await world.lima.writeAttributes({ saving_max_writing_task: 4, saving_prefix: "f_", acq_nb_frames: 24 });
    await world.lima.writeAttributes({ acq_expo_time: 1e-4 });
    await world.lima.call("prepareAcq");
    await world.lima.call("startAcq");
    while (told.at(-1) !== 23) told.push(await world.lima.read("last_image_saved"));
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(await world.lima.read("saving_next_number")).toBe(24);
    const paths = Array.from({ length: 24 }, (_, i) => join(place.path, `f_${String(i).padStart(4, "0")}.edf.gz`));
    const numbers = (await read(...paths)).map(({ headers }) => Number(headers.acq_frame_nb));
    expect(numbers).toEqual(paths.map((_, i) => i));
  });

  test("HDF5: MULTISET adds an entry of its own; each has the tree of LIMA's files", async () => {
    await using place = await folder();
    const common = { format: "HDF5", suffix: ".h5", directory: place.path, framesPerFile: 10, number: 0 };
    for (const policy of ["MULTISET", "MULTISET"] as const) {
      await using _saver = await save([frameOf("Bpp16", 0), frameOf("Bpp16", 1)], { ...common, policy });
    }
    const { stdout } = await promisify(execFile)(python, ["-c", tree, join(place.path, "f0000.h5")]);
    const detector = { acquisition: "NXcollection", data: [2, 4, 5], detector_information: "NXcollection" };
    const entry = {
      ...{ "": "NXentry", end_time: [], id00: "NXinstrument", "id00/cam": "NXdetector", measurement: "NXdata" },
      ...{ start_time: [], title: [] },
      ...Object.fromEntries(
        Object.entries({
          ...detector,
          ...{ header: "NXcollection", image_operation: "NXcollection", plot: "NXdata", time_of_frame: [2] },
          ...{ x_pixel_size: [], y_pixel_size: [] },
        }).map(([name, what]) => [`id00/cam/${name}`, what]),
      ),
    };
    expect(JSON.parse(stdout)).toEqual({
      root: { NX_class: "NXroot", default: "entry_0001", creator: "LIMA-1.10.5", file_name: "f0000.h5" },
      entries: { entry_0000: entry, entry_0001: entry },
      pixel: [1e-5, 2e-5],
      plot: [2, 4, 5],
    });
  });

  test("what was saved is acquired again: EDF files with one or several images, a dataset of HDF5 files", async () => {
    await using place = await folder();
    const frames = [0, 1, 2].map((index) => frameOf("Bpp16", index));
    for (const [format, suffix, framesPerFile] of [
      ["HDF5", ".h5", 2],
      ["EDF", ".edf", 2],
      ["CBF", ".cbf", 1],
    ] as const) {
      await using _saver = await save(frames, { format, suffix, directory: place.path, framesPerFile });
    }
    for (const pattern of ["f_or_*.edf", "f*.edf", "f*.h5", "f*.h5::/entry_0000/id00/cam/data", "f*.h5::/nothing"]) {
      const opened = openSavedImages(join(place.path, pattern));
      if (pattern === "f_or_*.edf") await expect(opened).rejects.toThrow("No file matches");
      else if (pattern === "f*.h5::/nothing") await expect(opened).rejects.toThrow("has no images");
      else {
        await using images = await opened;
        expect(images).toMatchObject({ count: 3, width: 5, height: 4, imageType: "Bpp16" });
        for (const [i, { pixels }] of frames.entries()) expect(await images.read(i)).toEqual(pixels);
      }
    }
  });

  test("what a format cannot do is refused before anything is acquired", async () => {
    await using place = await folder();
    const frames = [frameOf("Bpp16", 0)];
    const common = { directory: place.path, suffix: ".cbf", framesPerFile: 2 };
    for (const format of ["CBF", "TIFF"])
      await expect(save(frames, { ...common, format })).rejects.toThrow("does not support multi frame per file");
    await expect(save(frames, { format: "EDF", directory: join(place.path, "no", "where") })).rejects.toThrow(
      "the folder above it does not exist",
    );
    await expect(save(frames, { format: "EDF", directory: "" })).rejects.toThrow("write saving_directory first");
  });
});
