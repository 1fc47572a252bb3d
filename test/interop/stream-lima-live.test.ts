// SPDX-License-Identifier: MIT
// Frames that a LimaCCDs server has in memory and in no file: of our simulated camera, read by us and by the real blissdata
// through Tango; and those of an acquisition that is over, which nobody may take for the scan's.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { frameServers } from "../../devices/index.ts";
import { isImageStream, lima, openDataStore } from "../../writers/index.ts";
import { embeddedStore } from "../world/embedded-store.ts";
import { localLima } from "../world/lima-local.ts";
import { describeWith, python } from "../world/peers.ts";

const latest = `import sys, json
from blissdata.redis_engine.store import DataStore
stream = DataStore(sys.argv[1]).load_scan(sys.argv[2]).streams["cam:image"]
image = stream.get_last_live_image()
print(json.dumps({"id": int(image.frame_id), "pixels": image.array.tolist()}))`;

describeWith(["blissdata", "PyTango 10.3"], "frames in the memory of a camera server", () => {
  test("are read while the server is at the scan's acquisition", async () => {
    await using camera = await localLima();
    await using server = await embeddedStore();
    await using servers = frameServers();
    await using store = await openDataStore(server.url, { init: true, live: servers });
    await using scan = await store.createScan({ name: "loopscan", number: 1, data_policy: "None" });
    const serverUrl = camera.server.trl("a/limaccds/1");
    const acquisitionOffset = await store.prepareNextLimaAcquisition(serverUrl);
    const source = { serverUrl, bufferMaxNumber: 10, framesPerAcquisition: 0, acquisitionOffset };
    const sent = scan.createStream("cam:image", lima({ ...source, dtype: "uint16", shape: [30, 40] }));
    await scan.prepare();
    await scan.start();
    await camera.simulator.write("peaks", [10, 20, 4, 1000]);
    await camera.simulator.write("grow_factor", 1);
    await camera.acquire({ acq_nb_frames: 3, acq_expo_time: 0.001 });
    sent.send({ last_index: 2, last_index_saved: -1 });
    await scan.flush();

    const stream = (await store.loadScan(scan.key)).streams.get("cam:image");
    if (!stream || !isImageStream(stream)) throw new Error("there is no stream of frames");
    const first = await stream.frame(0);
    expect(first).toMatchObject({ dtype: "<u2", shape: [30, 40] });
    const { index, image } = (await stream.latestFrame()) ?? {};
    expect(index).toBe(2);
    const { stdout } = await promisify(execFile)(python, ["-c", latest, `${server.url}?protocol=2`, scan.key]);
    const seen = JSON.parse(stdout);
    expect(seen.id).toBe(2);
    expect(seen.pixels.flat()).toEqual(Array.from(image?.data ?? [], Number));
    expect(seen.pixels.flat()).not.toEqual(Array.from(first.data, Number));

    // The server goes on with the acquisition of another scan.
    await store.prepareNextLimaAcquisition(serverUrl);
    await expect(stream.frame(0)).rejects.toMatchObject({ reason: "noMoreThere" });
    expect(await stream.latestFrame()).toBeUndefined();
  });
});
