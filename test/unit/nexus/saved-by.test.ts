// SPDX-License-Identifier: MIT
// A scan whose file another program writes: refused before it begins, and over when its file is complete.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ScanCreated, type ScanEvent, type Sink, spooled } from "../../../scanning/index.ts";
import { type ScanFileWriter, savedBy } from "../../../writers/nexus/saved-by.ts";

type State = Awaited<ReturnType<ScanFileWriter["state"]>>;
const created = (path: string | null = "/data/scan.h5"): ScanCreated => ({
  identity: {
    ...{ name: "ct", number: 1, dataPolicy: "None", path },
    ...{ session: null, proposal: null, collection: null, dataset: null },
  },
  info: { save: path !== null },
  channels: [],
});

const closed: ScanEvent = { type: "closed", reason: "SUCCESS", info: {} };

/** A stream, and a writer that says one state after the other, the last one for ever. */
function world(answers: { save?: () => Promise<boolean>; states?: (State | Error)[]; key?: string } = {}) {
  const { save = async () => true, states = [{ state: "COMPLETE", reason: "" }], key = "esrf:scan:1" } = answers;
  const happened: string[] = [];
  const sink: Sink = {
    async open() {
      happened.push("open");
      return {
        ...(key && { key }),
        write: async (events: readonly ScanEvent[]) => void happened.push(...events.map(({ type }) => type)),
        [Symbol.asyncDispose]: async () => void happened.push("closed stream"),
      };
    },
  };
  const writer: ScanFileWriter = {
    name: "id00/blisswriter/x",
    save: async (asked) => {
      happened.push(`save ${asked}`);
      return save();
    },
    state: async () => {
      const next = states.length > 1 ? states.shift() : states[0];
      if (next instanceof Error) throw next;
      happened.push(`${next?.state}`);
      return next as State;
    },
  };
  const warnings: string[] = [];
  return { happened, warnings, sink: savedBy(writer, sink, { patience: 60, warn: (text) => warnings.push(text) }) };
}

test("a scan is asked for before it begins, and ends when its file is complete", async () => {
  const running = { state: "RUNNING", reason: "Writing" } as const;
  const { sink, happened, warnings } = world({ states: [running, running, { state: "COMPLETE", reason: "" }] });
  {
    await using scan = await sink.open(created());
    expect(scan.key).toBe("esrf:scan:1");
    await scan.write([{ type: "started" }, closed]);
  }
  expect(happened.slice(0, 5)).toEqual(["open", "save esrf:scan:1", "started", "closed", "closed stream"]);
  expect(happened.slice(5)).toEqual(["RUNNING", "RUNNING", "COMPLETE"]);
  expect(warnings).toEqual([]);
});

test.each([
  ["that does not know it", async () => false, /id00\/blisswriter\/x knows no scan esrf:scan:1/],
  ["that is away", () => Promise.reject(new Error("it is OFF")), /it is OFF/],
])("a writer %s refuses the scan, which is released", async (_, save, message) => {
  const { sink, happened } = world({ save });
  await expect(sink.open(created())).rejects.toThrow(message);
  expect(happened.at(-1)).toBe("closed stream");
});

describe("a file that is not complete is said, with what to do", () => {
  test.each([
    ["failed", { state: "FAILED", reason: "the disk is full" }, /could not write it \(the disk is full\)/],
    ["forgotten", { state: "UNKNOWN", reason: "" }, /has forgotten the scan/],
    ["late", { state: "RUNNING", reason: "Writing" }, /not yet done after 0\.06 s \(Writing\)/],
    ["not to be asked", new Error("no answer"), /does not answer \(no answer\)/],
  ] as const)("%s", async (_, state, message) => {
    const { sink, warnings } = world({ states: [state] });
    const scan = await sink.open(created());
    await scan.write([closed]);
    await scan[Symbol.asyncDispose]();
    expect(warnings).toEqual([expect.stringMatching(message)]);
    expect(warnings[0]).toMatch(/^\/data\/scan\.h5: .*bandoneon writer repair esrf:scan:1/);
  });
});

test("a scan that is not saved, or not published, is nobody's business", async () => {
  for (const [path, key] of [[null, "esrf:scan:1"], ["/data/scan.h5", ""]] as const) {
    const { sink, happened } = world({ key });
    const scan = await sink.open(created(path));
    await scan[Symbol.asyncDispose]();
    expect(happened).toEqual(["open", "closed stream"]);
  }
}); // biome-ignore format: two cases

test("a scan that is delivered again, to a store that was emptied, is asked for by its new name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "saved-by-"));
  const asked: string[] = [];
  const waited: string[] = [];
  const writer: ScanFileWriter = {
    name: "id00/blisswriter/x",
    save: async (key) => asked.push(key) > 0,
    state: async (key) => {
      waited.push(key);
      return { state: "COMPLETE", reason: "" };
    },
  };
  let stores = 0;
  let emptied = false;
  const store: Sink = {
    open: async () => {
      const own = ++stores;
      return {
        key: `scan ${own}`,
        write: async () => {
          if (emptied && own === 1) throw new Error("no such scan");
        },
        [Symbol.asyncDispose]: async () => {},
      };
    },
  };
  const warn = (text: string) => void warnings.push(text);
  const warnings: string[] = [];
  await using spool = spooled(savedBy(writer, store, { warn }), {
    what: "the data stream",
    folder,
    patience: 20,
    warn,
  });
  const scan = await spool.open(created());
  await scan.write([{ type: "started" }]);
  emptied = true;
  await scan.write([closed]);
  await scan[Symbol.asyncDispose]();
  await expect.poll(() => waited).toEqual(["scan 2"]);
  expect(asked).toEqual(["scan 1", "scan 2"]);
  expect(scan.key).toBe("scan 2");
  expect(warnings.at(-1)).toBe("the data stream has got all of scan 1");
  rmSync(folder, { recursive: true });
});
