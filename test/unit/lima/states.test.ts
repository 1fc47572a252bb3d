// SPDX-License-Identifier: MIT
// Each command in each state of an acquisition: what it does, or how it refuses.
import { describe, expect, test } from "vitest";
import { Acquisition, type Saver } from "../../../servers/lima/acquisition.ts";
import type { Camera } from "../../../servers/lima/camera.ts";
import type { Frame } from "../../../servers/lima/frame.ts";
import { processingPool } from "../../../servers/lima/pipeline/pool.ts";
import type { Processor } from "../../../servers/lima/processor.ts";

/** A camera that gives a frame when the test says so. */
function manualCamera() {
  let give: (next: Frame | Error) => void = () => {};
  let index = 0;
  let opened = () => {};
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const camera: Camera = {
    capabilities: {
      ...{ type: "Manual", model: "Manual", width: 2, height: 2, imageType: "Bpp16", pixelSize: [1, 1] },
      triggerModes: ["INTERNAL_TRIGGER", "INTERNAL_TRIGGER_MULTI"],
      ...{ exposure: { min: 0, max: 10 }, latency: { min: 0, max: 10 } },
    },
    prepare: async () => {
      index = 0;
    },
    trigger: () => {},
    async *frames(signal) {
      while (!signal.aborted) {
        const next = await new Promise<Frame | Error | undefined>((resolve) => {
          give = resolve;
          signal.addEventListener("abort", () => resolve(undefined), { once: true });
          opened();
        });
        if (next instanceof Error) throw next;
        if (!next) return;
        yield next;
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const frame = () => give({ index: index++, width: 2, height: 2, pixels: new Uint16Array(4), time: 0 });
  return { camera, frame, fail: (error: Error) => give(error), open };
}

const noSaver: Saver = {
  automatic: false,
  byCamera: false,
  prepare: async () => {},
  save: async () => ({ written: Promise.resolve(true) }),
  giveUp: () => {},
  finish: async () => {},
};

function world(processors: ReadonlySet<Processor> = new Set()) {
  const manual = manualCamera();
  let changed = () => {};
  const acquisition: Acquisition = new Acquisition({
    ...{ camera: () => manual.camera, processors, pool: processingPool(2), saver: noSaver, bufferFrames: () => 4 },
    onStatus: () => changed(),
    onCounters: () => changed(),
  });
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      changed = () => condition() && resolve();
      changed();
    });
  return { ...manual, acquisition, until };
}
type World = ReturnType<typeof world>;

const states: Readonly<Record<string, (world: World) => Promise<void>>> = {
  new: async () => {},
  prepared: ({ acquisition }) => acquisition.prepare(),
  running: async ({ acquisition, open }) => {
    await acquisition.prepare();
    acquisition.start();
    await open;
  },
  "between triggers": async ({ acquisition, frame, until, open }) => {
    Object.assign(acquisition.parameters, { trigger: "INTERNAL_TRIGGER_MULTI", frames: 2 });
    await acquisition.prepare();
    acquisition.start();
    await open;
    frame();
    await until(() => acquisition.status === "Ready" && acquisition.counters.ready === 0);
  },
  fault: async ({ acquisition, fail, until, open }) => {
    await acquisition.prepare();
    acquisition.start();
    await open;
    fail(new Error("unplugged"));
    await until(() => acquisition.status === "Fault");
  },
};

const unprepared = /Run prepareAcq before starting acquisition/;
const table: readonly (readonly [state: string, command: keyof typeof commands, outcome: string | RegExp])[] = [
  ["new", "prepare", "Ready"],
  ["new", "start", unprepared],
  ["new", "stop", "Ready"],
  ["new", "abort", "Ready"],
  ["new", "reset", "Ready"],
  ["prepared", "prepare", "Ready"],
  ["prepared", "start", "Running"],
  ["prepared", "stop", "Ready"],
  ["prepared", "abort", "Ready"],
  ["prepared", "reset", "Ready"],
  ["running", "prepare", /Acquisition not finished/],
  ["running", "start", unprepared],
  ["running", "stop", "Ready"],
  ["running", "abort", "Ready"],
  ["running", "reset", "Ready"],
  ["between triggers", "prepare", "Ready"],
  ["between triggers", "start", "Running"],
  ["between triggers", "stop", "Ready"],
  ["between triggers", "abort", "Ready"],
  ["between triggers", "reset", "Ready"],
  ["fault", "prepare", "Ready"],
  ["fault", "start", /Can't process startAcq: Acquisition is in fault/],
  ["fault", "stop", "Fault"],
  ["fault", "abort", "Fault"],
  ["fault", "reset", "Ready"],
];
const commands = {
  prepare: (acquisition: Acquisition) => acquisition.prepare(),
  start: async (acquisition: Acquisition) => acquisition.start(),
  stop: (acquisition: Acquisition) => acquisition.stop(),
  abort: (acquisition: Acquisition) => acquisition.abort(),
  reset: (acquisition: Acquisition) => acquisition.reset(),
} as const;

describe("an acquisition", () => {
  test.each(table)("that is %s: %s gives %s", async (state, command, outcome) => {
    const made = world();
    await states[state]?.(made);
    const done = commands[command](made.acquisition);
    if (typeof outcome !== "string") await expect(done).rejects.toThrow(outcome);
    else {
      await done;
      expect(made.acquisition.status).toBe(outcome);
    }
    await made.acquisition.stop();
  });

  test("in Fault says why, and works again once prepared", async () => {
    const made = world();
    await states.fault?.(made);
    expect(made.acquisition.fault).toBe("Camera: error (unplugged)");
    await made.acquisition.prepare();
    expect(made.acquisition.fault).toBe("No error");
    made.acquisition.start();
    expect(made.acquisition.status).toBe("Running");
    await made.acquisition.stop();
  });

  test("a plugin that fails ends it in Fault and says so", async () => {
    const broken: Processor = {
      ...{ runLevel: 0, counts: false, prepare: () => {} },
      task: () => ({ do: "mask", mask: new Uint8Array(3), fill: undefined }),
    };
    const made = world(new Set([broken]));
    await made.acquisition.prepare();
    made.acquisition.start();
    await made.open;
    made.frame();
    await made.until(() => made.acquisition.status === "Fault");
    expect(made.acquisition.fault).toBe("Processing: error (an image of 3 pixels for frames of 4)");
  });
});
