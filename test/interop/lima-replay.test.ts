// SPDX-License-Identifier: MIT
// Files that others wrote (h5py, fabio), acquired again through LimaCCDs by PyTango.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { cameraServer } from "../world/camera-server.ts";
import { describeWith, python } from "../world/peers.ts";

/** Images of 6 x 4 pixels, `x + 10 * n` in row 0 of image n, in files of every kind. */
const writer = `
import sys, h5py, hdf5plugin, fabio, numpy
folder = sys.argv[1]
images = numpy.zeros((3, 4, 6), "uint16")
images[:] = numpy.arange(6)
images += (10 * numpy.arange(3)[:, None, None]).astype("uint16")
with h5py.File(folder + "/plain.h5", "w") as f:
    f["entry/title"] = "some scan"
    f["entry/spectra"] = numpy.zeros((3, 5))
    f["entry/instrument/camera/data"] = images
    f["entry/measurement"] = h5py.SoftLink("/entry/instrument/camera/data")
with h5py.File(folder + "/packed.h5", "w") as f:
    f.create_dataset("deep/in/here", data=images.astype("int32"), chunks=(1, 4, 6), compression="gzip", shuffle=True)
with h5py.File(folder + "/bslz4.h5", "w") as f:
    f.create_dataset("data", data=images, chunks=(1, 4, 6), **hdf5plugin.Bitshuffle(cname="lz4"))
with h5py.File(folder + "/lz4.h5", "w") as f:
    f.create_dataset("data", data=images.astype("uint32"), chunks=(1, 4, 6), **hdf5plugin.LZ4(nbytes=32))
with h5py.File(folder + "/zstd.h5", "w") as f:
    f.create_dataset("data", data=images, chunks=(1, 4, 6), **hdf5plugin.Zstd())
for n in range(3):
    fabio.edfimage.EdfImage(data=images[n]).write(f"{folder}/one_{n}.edf")
    fabio.cbfimage.CbfImage(data=images[n].astype("int32")).write(f"{folder}/one_{n}.cbf")
    fabio.tifimage.TifImage(data=images[n]).write(f"{folder}/one_{n}.tif")
several = fabio.edfimage.EdfImage(data=images[0])
for n in (1, 2):
    several.append_frame(data=images[n])
several.write(folder + "/several.edf")
`;

async function files() {
  const folder = await mkdtemp(join(tmpdir(), "replay-"));
  await promisify(execFile)(python, ["-c", writer, folder], { timeout: 60_000 });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const wanted = [0, 1, 2, 0].map((n) => [0, 1, 2, 3].map((x) => x + 10 * n));

describeWith(["PyTango 10.3", "h5py", "fabio"], "the Replay camera", () => {
  test("HDF5, EDF, CBF and TIFF of others, found by pattern, over and over", async () => {
    await using place = await files();
    await using world = await cameraServer("Replay", { file_pattern: join(place.folder, "one_*.edf") });
    const { device, acquire } = world;
    for (const [pattern, type, depth] of [
      ["one_*.edf", "Bpp16", 2],
      ["one_*.tif", "Bpp16", 2],
      ["one_*.cbf", "Bpp32S", 4],
      ["several.edf", "Bpp16", 2],
      ["plain.h5", "Bpp16", 2],
      ["plain.h5::/entry/instrument/camera/data", "Bpp16", 2],
      ["plain.h5::/entry/measurement", "Bpp16", 2],
      ["bslz4.h5", "Bpp16", 2],
      ["lz4.h5", "Bpp32", 4],
      ["packed.h5", "Bpp32S", 4],
    ] as const) {
      await device.write("file_pattern", join(place.folder, pattern));
      expect([pattern, await device.read("nb_images")]).toEqual([pattern, 3]);
      const run = await acquire(4, 0.005);
      const signed = type.endsWith("S") ? 1 : 0;
      expect(run).toMatchObject({ type: "Replay", model: "Files", image: type, sizes: [signed, depth, 6, 4] });
      expect([pattern, run.frames.map(([, , pixels]) => pixels)]).toEqual([pattern, wanted]);
    }
    await device.write("first_image", 1);
    expect((await acquire(2, 0.005, "INTERNAL_TRIGGER_MULTI")).frames.map(([, , pixels]) => pixels)).toEqual(
      wanted.slice(1, 3),
    );
    await expect(device.write("first_image", 3)).rejects.toThrow("Invalid first_image: 3; there are 3 images");
    await expect(device.write("file_pattern", join(place.folder, "plain.h5::/entry/spectra"))).rejects.toThrow(
      "has no images",
    );
    await expect(device.write("file_pattern", join(place.folder, "none_*.edf"))).rejects.toThrow("No file matches");
    await expect(device.write("file_pattern", join(place.folder, "zstd.h5"))).rejects.toThrow(
      /the images at \/data cannot be read: .*filters 32015; those read here are gzip, shuffle, LZ4, and bitshuffle with LZ4/,
    );
    expect(await device.read("file_pattern")).toBe(join(place.folder, "packed.h5"));
  }, 90_000);

  test("files that vanish in the middle end the acquisition, with the reason", async () => {
    await using place = await files();
    await using world = await cameraServer("Replay", { file_pattern: join(place.folder, "one_*.cbf") });
    const { lima, ended, ready } = world;
    await lima.write("acq_nb_frames", 10_000);
    await lima.write("acq_expo_time", 0.002);
    await lima.call("prepareAcq");
    await lima.call("startAcq");
    await ready(2);
    await rm(place.folder, { recursive: true });
    expect(await ended()).toEqual(["Fault", expect.stringMatching(/^Camera: error \(ENOENT.*one_\d\.cbf/)]);
  }, 60_000);
});
