// SPDX-License-Identifier: MIT
// Gap and offset of slits, calculated by a device, scanned together over Tango: one command a point, limits of the blades too.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AxisGroups, openAxis } from "../../devices/index.ts";
import { a2scan, d2scan, memorySink, Session, softCounters } from "../../scanning/index.ts";
import { connect, controlSystem } from "../../tango/index.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { describeWith } from "../world/peers.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const ready = /Ready to accept request/;

describeWith(["tango_admin"], "scans of calculated axes over Tango", () => {
  test("two axes of one device, together; a blade beyond its limit is seen before anything moves", async () => {
    await using database = await embeddedDatabase();
    const { env } = database;
    const admin = (...args: string[]) => execFileSync("tango_admin", args, { env });
    admin("--add-server", "SimulatedMotor/s", "SimulatedMotor", "id00/motor/front,id00/motor/back");
    admin("--add-server", "PseudoMotor/s", "PseudoMotor", "id00/slits/1");
    admin("--add-property", "id00/slits/1", "Geometry", "slits");
    admin("--add-property", "id00/slits/1", "Reals", "id00/motor/front,id00/motor/back");
    for (const blade of ["front", "back"]) {
      admin("--add-property", `id00/motor/${blade}`, "Velocity", "1000");
      admin("--add-property", `id00/motor/${blade}`, "Acceleration", "50000");
      admin("--add-property", `id00/motor/${blade}`, "HighLimit", "3");
    }
    await using _motors = await run(join(root, "bin/SimulatedMotor"), ["s"], { env, ready });
    await using _slits = await run(join(root, "bin/PseudoMotor"), ["s"], { env, ready });
    await using system = controlSystem({ host: database.host });
    const groups = new AxisGroups();
    await using gap = await openAxis("s1hg", "id00/slits/1", { system, groups, attribute: "gap" });
    await using offset = await openAxis("s1ho", "id00/slits/1", { system, groups, attribute: "offset" });
    await using front = await connect("id00/motor/front", { system });
    await using back = await connect("id00/motor/back", { system });
    const blades = async () => [await front.read("Position"), await back.read("Position")].map((at) => Math.round(Number(at) * 1e4) / 1e4); // biome-ignore format: one glance
    // Opened after the pseudo axes, as a session file may have it: recorded with them.
    await using opened = await openAxis("s1hf", "id00/motor/front", { system, groups });
    const { c } = softCounters("d", { c: () => 1 });
    const sink = memorySink();
    const session = new Session({ name: "test", sink, objects: [gap, offset], warn: () => {} });

    const both = session.start(a2scan(gap, 1, 2, offset, 0, 0.5, 2, 0, c));
    await both.done();
    const rows = (name: string) => [...both.data(name)].map((at) => Math.round(at * 1e4) / 1e4);
    expect([rows("s1hg"), rows("s1ho")]).toEqual([[1, 1.5, 2], [0, 0.25, 0.5]]); // biome-ignore format: a table
    expect(await blades()).toEqual([0.5, 1.5]); // gap/2 -+ offset
    expect(both.channels.map(({ fullname }) => fullname).slice(0, 3)).toEqual(["axis:s1hg", "axis:s1ho", "axis:s1hf"]);
    expect(rows("s1hf")).toEqual([0.5, 0.5, 0.5]);
    expect(gap.reals).toEqual([opened]);

    await session.start(d2scan(gap, 0, 0.5, offset, 0, 0.2, 1, 0, c)).done();
    expect(await blades()).toEqual([0.5, 1.5]);

    // Each axis alone may go there; both together send a blade beyond its end at 3.
    await expect(session.start(a2scan(gap, 2, 4, offset, 0.5, 1.5, 2, 0, c)).done()).rejects.toThrow(
      /id00\/motor\/back: move to `3\.5' would exceed high limit \(3\.0\)/,
    );
    expect(await blades()).toEqual([0.5, 1.5]);
    expect(sink.scans.length).toBe(2);
  });
});
