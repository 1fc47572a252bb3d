// SPDX-License-Identifier: MIT
// What the devices of one LimaCCDs server share: the camera, the plugins, the acquisition.
import type { Acquisition } from "./acquisition.ts";
import type { Camera } from "./camera.ts";
import type { Processor } from "./processor.ts";

/** Made in main.ts and given to the classes: the camera's device fills it, LimaCCDs and the plugins use it. */
export class Detector {
  /** The plugins that are on. */
  readonly processors = new Set<Processor>();
  readonly #devices = new Map<string, string>();
  #camera: Camera | undefined;
  /** That of the LimaCCDs device, while it is open. */
  acquisition: Acquisition | undefined;

  /** @throws Error when no camera device is open. */
  get camera(): Camera {
    if (this.#camera) return this.#camera;
    throw new Error("No camera: its device is not open; register one of the camera's class in this server");
  }

  /** Takes the camera of a device that opens; disposing gives it up and closes it. @throws Error when there is one. */
  connect(type: string, device: string, camera: Camera): AsyncDisposable {
    if (this.#camera) {
      const others = [...this.#devices].map(([kind, name]) => `${kind} ${name}`).join(", ");
      throw new Error(`This server has a camera already (${others}): a LimaCCDs server drives one`);
    }
    this.#camera = camera;
    const announced = this.announce(type, device);
    return {
      [Symbol.asyncDispose]: async () => {
        announced[Symbol.dispose]();
        await this.acquisition?.stop();
        if (this.#camera === camera) this.#camera = undefined;
        await camera[Symbol.asyncDispose]();
      },
    };
  }

  /** Tells clients of a device of this server by its type, e.g. "roicounter". */
  announce(type: string, device: string): Disposable {
    this.#devices.set(type, device);
    return { [Symbol.dispose]: () => void this.#devices.delete(type) };
  }

  /** The device of a type, "" when there is none. */
  deviceOf(type: string): string {
    return this.#devices.get(type.toLowerCase()) ?? "";
  }

  get devices(): ReadonlyMap<string, string> {
    return this.#devices;
  }
}
