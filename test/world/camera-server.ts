// SPDX-License-Identifier: MIT
// A LimaCCDs server in this process with one camera, and clients of it.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { limaCCDs } from "../../devices/lima/limaccds.ts";
import { limaClasses } from "../../servers/lima/classes.ts";
import { connect, startServer } from "../../tango/index.ts";
import { python } from "./peers.ts";
import { delay } from "./process.ts";

export interface AcquisitionReport {
  readonly type: string;
  readonly model: string;
  readonly image: string;
  /** Signed (0 or 1), bytes a pixel, width, height. */
  readonly sizes: readonly number[];
  /** Of each frame: width, height, the first pixels, CRC-32 of all. */
  readonly frames: readonly (readonly [number, number, readonly number[], number])[];
}

type Properties = Readonly<Record<string, string | number | boolean>>;

/** Devices id00/<family>/1 of the camera's class and id00/limaccds/1. */
export async function cameraServer(cameraClass: string, properties: Properties, instance = "cam") {
  await using stack = new AsyncDisposableStack();
  const family = cameraClass.toLowerCase();
  const devices = { [cameraClass]: { [`id00/${family}/1`]: properties }, LimaCCDs: { "id00/limaccds/1": {} } };
  const server = stack.use(await startServer({ server: `LimaCCDs/${instance}`, classes: limaClasses(), devices }));
  const lima = stack.use(await connect(limaCCDs, server.trl("id00/limaccds/1"), { timeout: 20_000 }));
  const device = stack.use(await connect(server.trl(`id00/${family}/1`), { timeout: 20_000 }));
  const owned = stack.move();

  /** PyTango prepares, starts, waits and reads every image. */
  async function acquire(frames: number, exposure: number, trigger = "INTERNAL_TRIGGER"): Promise<AcquisitionReport> {
    const script = join(import.meta.dirname, "lima-camera.py");
    const args = [script, server.trl("id00/limaccds/1"), String(frames), String(exposure), trigger];
    const { stdout } = await promisify(execFile)(python, args, { timeout: 60_000 });
    return JSON.parse(stdout);
  }

  /** Waits until the acquisition has ended; gives the status and LIMA's text. */
  async function ended(): Promise<readonly [status: string, fault: string]> {
    for (;;) {
      const status = await lima.read("acq_status");
      if (status !== "Running" && status !== "Configuration")
        return [status, await lima.read("acq_status_fault_error")];
      await delay(10);
    }
  }

  /** Waits until `frames` images can be read. */
  async function ready(frames: number): Promise<void> {
    while ((await lima.read("last_image_ready")) < frames - 1) await delay(5);
  }

  return { server, lima, device, acquire, ended, ready, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
