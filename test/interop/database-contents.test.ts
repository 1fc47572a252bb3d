// SPDX-License-Identifier: MIT
// Contents as files of other programs: dsconfig reads what we write and writes what we read, on both databases; what a
// resource file and a YAML file hold is the same.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { describeWith, dsconfigFolder } from "../world/peers.ts";
import { tangoStack } from "../world/tango-stack.ts";

const run = promisify(execFile);
const bandoneon = join(import.meta.dirname, "../../bin/bandoneon");

const facility = `servers:
  Motor/one:
    devices:
      id00/motor/a:
        class: Motor
        alias: roby
        properties: { Axes: [x, y y, ""], Text: "a: #b, 'c' \\"d\\"", Number: "007" }
        attributes: { Position: { unit: mm, min_value: "-1e-3" } }
      id00/motor/b: { class: Motor, properties: { Axes: z } }
      id00/group/g: { class: MotorGroup }
  Motor/Two:
    devices:
      id00/motor/C: { class: Motor }
classes:
  Motor:
    properties: { doc: [first line, "- second"] }
    attributes: { Position: { format: "%8.4f" } }
`;

interface Place extends Disposable {
  /** Writes `text` to a file of this name, or only names it. */
  file(name: string, text?: string): string;
  /** `bandoneon database` on a database. */
  database(host: string, ...args: readonly string[]): Promise<string>;
}
function place(): Place {
  const path = mkdtempSync(join(tmpdir(), "database-contents-"));
  return {
    file: (name, text) => {
      if (text !== undefined) writeFileSync(join(path, name), text);
      return join(path, name);
    },
    database: async (host, ...args) => (await run(bandoneon, ["database", ...args, "--tango-host", host])).stdout,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A program of dsconfig; json2tango ends with 2 when it changed something. */
async function dsconfig(host: string, program: string, ...args: readonly string[]) {
  const env = { ...process.env, TANGO_HOST: host };
  try {
    const { stdout, stderr } = await run(join(dsconfigFolder, "bin", program), args, { env });
    return { stdout, stderr, code: 0 };
  } catch (error) {
    return error as { readonly stdout: string; readonly stderr: string; readonly code: number };
  }
}
const json = (text: string): unknown => JSON.parse(text);

describeWith(["dsconfig", "DataBaseds on MariaDB"], "dsconfig", () => {
  test.each([
    ["the embedded database", () => embeddedDatabase()],
    ["the real one", () => tangoStack({ tangoTest: false })],
  ] as const)("and we mean the same by a file, on %s", { timeout: 120_000 }, async (_, start) => {
    await using database = await start();
    const { host } = database;
    using files = place();
    await files.database(host, "import", files.file("facility.yml", facility));
    const ours = files.file("ours.json");
    await files.database(host, "export", ours, "--filter", "Motor/*");
    expect(await dsconfig(host, "json2tango", ours)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("No changes needed in Tango DB"),
    });
    const theirs = await dsconfig(host, "tango2json", "-t", "server:Motor/*");
    expect(json(theirs.stdout)).toEqual({ servers: (json(readFileSync(ours, "utf8")) as { servers: object }).servers });

    const changed = readFileSync(ours, "utf8").replace('"y y"', '"w"').replace('"id00/motor/C"', '"id00/motor/d"');
    const written = await dsconfig(host, "json2tango", "-w", files.file("changed.json", changed));
    expect(written.code, written.stderr).toBe(2);
    const after = files.file("after.json");
    await files.database(host, "export", after, "--filter", "Motor/*");
    expect(json(readFileSync(after, "utf8"))).toEqual(json(changed));
    expect(await files.database(host, "import", files.file("changed.json"))).toBe("The database holds that already.\n");
  });
});

test("resource files and dsconfig files carry a facility to another database, after showing what changes", async () => {
  await using from = await embeddedDatabase();
  using files = place();
  await files.database(from.host, "import", files.file("facility.yml", facility));
  for (const form of ["res", "json"]) {
    await using to = await embeddedDatabase();
    const moved = files.file(`moved.${form}`);
    await files.database(from.host, "export", moved);
    const shown = await files.database(to.host, "import", moved, "--dry-run");
    expect(shown).toContain("+ device id00/motor/a: Motor of Motor/one");
    expect(await files.database(to.host, "export", "--filter", "Motor/*")).not.toContain("id00/motor/a");
    // One that was shown is exactly what is done.
    expect(await files.database(to.host, "import", moved)).toBe(shown);
    const again = files.file(`again.${form}`);
    await files.database(to.host, "export", again);
    expect(readFileSync(again, "utf8")).toBe(readFileSync(moved, "utf8"));
  }
});

test("apply makes the servers of a file what the file says, and others stay", async () => {
  await using database = await embeddedDatabase();
  const { host } = database;
  using files = place();
  await files.database(host, "import", files.file("facility.yml", facility));
  const wanted = files.file(
    "beamline.yml",
    "servers:\n  Motor/one:\n    devices:\n      id00/motor/a: { class: Motor, properties: { Axes: q } }\n",
  );
  // An import only adds and changes.
  expect(await files.database(host, "import", wanted, "--dry-run")).not.toMatch(/^-/m);
  const shown = await files.database(host, "apply", wanted, "--dry-run");
  expect(shown).toMatch(/^- device id00\/motor\/b/m);
  expect(shown).toMatch(/Axes/);
  expect(shown).not.toContain("Motor/Two");
  expect(await files.database(host, "apply", wanted)).toBe(shown);
  expect(await files.database(host, "apply", wanted)).toBe("The database holds that already.\n");
  const held = await files.database(host, "export", "--filter", "Motor/*");
  expect(held).toContain("id00/motor/C");
  expect(held).not.toContain("id00/motor/b");
  await expect(files.database(host, "apply", files.file("no.yml", "servers: 5\n"))).rejects.toThrow(
    /no\.yml:1:1: servers: Invalid input: expected record/,
  );
});
