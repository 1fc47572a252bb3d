// SPDX-License-Identifier: MIT
// A disk that fills up and a folder that is lost while frames are saved: the acquisition ends in Fault with the reason, and
// what was written before can be read by fabio and h5py.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { fileFormats } from "../../servers/lima/saving/format-table.ts";
import { localLima } from "../world/lima-local.ts";
import { describeWith, python } from "../world/peers.ts";

const frame = [128, 128, 2] as const;
const bytes = 128 * 128 * 2;

/** A file system of so many bytes; undefined where nobody may mount one. */
function smallDisk(size: number) {
  const path = mkdtempSync(join(tmpdir(), "lima-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "bandoneon", path]).status === 0;
  if (!mounted) console.log("skipped: the full disk needs the right to mount a file system in memory");
  const end = () => {
    if (mounted) spawnSync("umount", ["-l", path]);
    rmdirSync(path);
  };
  return mounted ? { path, [Symbol.dispose]: end } : void end();
}

/** Prints for each file how many frames it has and whether all of them are what frame 0 is. */
const look = `
import json, sys, fabio, h5py, hdf5plugin, numpy
report = []
for path in sys.argv[1:]:
    try:
        if path.endswith(".h5"):
            with h5py.File(path, "r") as file:
                frames = list(file["/entry_0000/id00/cam/data"][()])
        else:
            image = fabio.open(path)
            frames = [image.get_frame(i).data for i in range(image.nframes)]
        report.append([len(frames), all(int(frame.max()) == 1000 for frame in frames)])
    except Exception as error:
        report.append(str(error))
print(json.dumps(report))
`;

describeWith(["fabio", "h5py"], "a disk that is full", () => {
  test.each([
    ["EDF", 1],
    ["TIFF", 1],
    ["CBF", 1],
    ["HDF5", 4],
    ["HDF5BS", 4],
  ] as const)("%s, %i frames a file", async (format, framesPerFile) => {
    using disk = smallDisk(20 * bytes);
    if (!disk) return;
    await using world = await localLima({ frame });
    const { lima, simulator } = world;
    // Noise does not compress: a full scale of values with every frame the same.
    await simulator.write("grow_factor", 0);
    await simulator.write("peaks", [64, 64, 300, 1000]);
    await lima.writeAttributes({ user_instrument_name: "id00", user_detector_name: "cam", saving_format: format });
    await lima.writeAttributes({ saving_directory: disk.path, saving_mode: "AUTO_FRAME", saving_prefix: "f_" });
    await world.acquire({ saving_frame_per_file: framesPerFile, acq_nb_frames: 400, acq_expo_time: 1e-5 });
    expect(await lima.read("acq_status")).toBe("Fault");
    expect(await lima.read("acq_status_fault_error")).toMatch(/^Saving: disk full \(.+/);
    const saved = (await lima.read("last_image_saved")) + 1;
    expect(saved).toBeGreaterThan(3);
    const { suffix } = fileFormats[format];
    const whole = Math.floor(saved / framesPerFile);
    const paths = Array.from({ length: whole }, (_, i) => join(disk.path, `f_${String(i).padStart(4, "0")}${suffix}`));
    const { stdout } = await promisify(execFile)(python, ["-c", look, ...paths]);
    expect(JSON.parse(stdout)).toEqual(paths.map(() => [framesPerFile, true]));

    // With room again the next acquisition is as good as any.
    for (const name of await readdir(disk.path)) await rm(join(disk.path, name));
    await world.acquire({ acq_nb_frames: 2, saving_prefix: "again_" });
    expect(await lima.read("acq_status")).toBe("Ready");
    expect(await lima.read("last_image_saved")).toBe(1);
  });

  test("a folder that is lost between two files", async () => {
    await using world = await localLima({ frame });
    const { lima } = world;
    const folder = mkdtempSync(join(tmpdir(), "lima-lost-"));
    await lima.writeAttributes({ saving_format: "EDF", saving_directory: folder, saving_mode: "AUTO_FRAME" });
    await lima.writeAttributes({ acq_nb_frames: 10_000, acq_expo_time: 1e-4, saving_prefix: "f_" });
    await lima.call("prepareAcq");
    await lima.call("startAcq");
    while ((await lima.read("last_image_saved")) < 3);
    await rename(folder, `${folder}-gone`);
    await world.detector.acquisition?.ended;
    expect(await lima.read("acq_status")).toBe("Fault");
    expect(await lima.read("acq_status_fault_error")).toMatch(/^Saving: file open error \(ENOENT.*f_\d+\.edf/);
    const kept = await readdir(`${folder}-gone`);
    expect(kept.length).toBeGreaterThanOrEqual((await lima.read("last_image_saved")) + 1);
    await rm(`${folder}-gone`, { recursive: true });
  });
});
