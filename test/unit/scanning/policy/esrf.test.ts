// SPDX-License-Identifier: MIT
// Where data go by the ESRF policy: paths as beamlines know them, worked out by hand.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EsrfOptions, esrfPolicy, loopscan, memorySettings, memorySink, Session, softCounters } from "../../../../scanning/index.ts"; // biome-ignore format: one import

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "esrf-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const open = (settings = memorySettings(), more: Partial<EsrfOptions> = {}) =>
  esrfPolicy("eh1", settings, {
    beamline: "id00",
    roots: { visitor: `${root}/visitor`, inhouse: `${root}/{beamline}/inhouse`, tmp: `${root}/{beamline}/tmp` },
    now: () => new Date(2026, 10, 24),
    ...more,
  });

test("a user's proposal, its samples, collections and datasets", async () => {
  const policy = await open();
  expect(policy.path).toBe(`${root}/id00/inhouse/id002611/id00/20261101/RAW_DATA/sample/sample_0001`);
  await policy.newproposal("hg123");
  expect(policy.path).toBe(`${root}/visitor/hg123/id00/20261124/RAW_DATA/sample/sample_0001`);
  await policy.newsample("copper");
  expect(policy.file).toBe(`${root}/visitor/hg123/id00/20261124/RAW_DATA/copper/copper_0001/copper_0001.h5`);
  await policy.newdataset("align");
  expect([policy.dataset, policy.sample]).toEqual(["align", "copper"]);
  await policy.newcollection("map", { sample: "zinc" });
  expect([policy.collection, policy.sample, policy.dataset]).toEqual(["map", "zinc", "0001"]);
  const { filename, imagesPath, info, policy: identity } = policy.saving({ name: "ascan", number: 7, save: true });
  const top = `${root}/visitor/hg123/id00/20261124/RAW_DATA`;
  expect([filename, imagesPath]).toEqual([`${top}/map/map_0001/map_0001.h5`, `${top}/map/map_0001/scan0007/{img_acq_device}_`]); // biome-ignore format: one glance
  expect(info).toMatchObject({
    data_policy: "ESRF",
    nexuswriter: { masterfiles: { dataset_collection: `${top}/map/hg123_map.h5`, proposal: `${top}/hg123_id00.h5` } },
  });
  expect(identity).toEqual({
    dataPolicy: "ESRF",
    session: "eh1",
    proposal: "hg123",
    collection: "map",
    dataset: "0001",
  });
  await policy.endproposal();
  expect(policy.proposal).toBe("id002611");
});

test("what is on the disk already is not used again", async () => {
  const policy = await open();
  await policy.newproposal("hg123", "20261120");
  const folder = `${root}/visitor/hg123/id00/20261120/RAW_DATA/sample`;
  for (const name of ["sample_0001", "sample_0002", "sample_map"]) mkdirSync(join(folder, name), { recursive: true });
  await policy.newdataset();
  expect(policy.dataset).toBe("0003");
  await policy.newdataset("map");
  expect(policy.dataset).toBe("map_0002");
  await policy.newdataset(12);
  expect(policy.dataset).toBe("0012");
  await policy.enddataset();
  expect(policy.dataset).toBe("0003");
});

test("kinds of proposals, the older folders, and names that are no folders", async () => {
  const policy = await open();
  for (const [name, kind] of [["ihma1", "id00/inhouse"], ["blc99", "id00/inhouse"], ["id00", "id00/inhouse"], ["test", "id00/tmp"], ["mx12", "visitor"]] as const) {
    await policy.newproposal(name);
    expect(policy.path).toContain(`${root}/${kind}/${name}/`);
  } // biome-ignore format: a table
  expect((await open(memorySettings(), { structure: 1 })).path).toMatch(/20261101\/sample\/sample_0001$/);
  expect((await open(memorySettings(), { structure: 2 })).path).toMatch(/20261101\/raw\/sample/);
  await expect(policy.newsample("a/b")).rejects.toThrow('sample "a/b": use letters, digits, _ - and . only');
  await expect(policy.newproposal("hg1", "2026")).rejects.toThrow(
    'proposal session "2026" is not a date like 20261124',
  );
});

test("names survive a restart; every new dataset begins its scan numbers at 1", async () => {
  const settings = memorySettings();
  const policy = await open(settings);
  await policy.newproposal("hg123");
  await policy.newsample("copper");
  expect((await open(settings)).path).toBe(policy.path);
  const sink = memorySink();
  const session = new Session({ name: "eh1", settings, policy, sink, warn: () => {} });
  const { c } = softCounters("d", { c: () => 1 });
  for (let n = 0; n < 2; n++) await session.start(loopscan(1, 0, c)).done();
  await policy.newdataset("second");
  await session.start(loopscan(1, 0, c)).done();
  expect(sink.scans.map(({ created }) => created.identity.number)).toEqual([1, 2, 1]);
  expect(sink.scans[2]!.created.identity).toMatchObject({ proposal: "hg123", dataset: "second" });
});
