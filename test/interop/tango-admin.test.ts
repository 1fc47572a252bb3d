// SPDX-License-Identifier: MIT
// tango_admin, by which Debian's scripts register servers: each option on the real DataBaseds and on the embedded database
// prints the same and ends with the same code.
import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { describeWith } from "../world/peers.ts";
import { tangoStack } from "../world/tango-stack.ts";

const sessions: readonly (readonly string[])[] = [
  ["--ping-database", "5"],
  ["--add-server", "Motor/one", "Motor", "id00/motor/a,id00/motor/b"],
  ["--add-server", "Motor/Two", "Motor", "id00/motor/c"],
  ["--add-server", "Motor", "Motor", "id00/motor/d"],
  ["--add-server", "Motor/x", "Motor", "id00/motor"],
  ["--check-device", "id00/motor/a"],
  ["--check-device", "ID00/Motor/A"],
  ["--check-device", "dserver/Motor/one"],
  ["--check-device", "id00/motor/none"],
  ["--check-server", "Motor/one"],
  ["--check-server", "Motor/none"],
  ["--server-instance-list", "Motor"],
  ["--server-instance-list", "None"],
  ["--add-property", "id00/motor/a", "Axes", "x,y y,z"],
  ["--add-property", "id00/motor/a", "Axes", "w"],
  ["--add-property", "id00/motor/none", "Axes", "w"],
  ["--add-property", "id00", "Axes", "w"],
  ["--delete-property", "id00/motor/a", "Axes"],
  ["--delete-property", "id00/motor/a", "Absent"],
  ["--delete-property", "id00/motor/none", "Axes"],
  ["--delete-server", "Motor/one", "--with-properties"],
  ["--delete-server", "Motor/two"],
  ["--delete-server", "Motor/none"],
  ["--delete-server", "Motor"],
  ["--check-device", "id00/motor/a"],
  ["--ping-device", "sys/database/2"],
  ["--ping-device", "id00/motor/none"],
  ["--no-such-option"],
];

interface Ended {
  readonly code: number;
  readonly output: string;
}

const admin = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  new Promise<Ended>((resolve) => {
    execFile("tango_admin", args, { env, timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }),
    );
  });

async function play(env: NodeJS.ProcessEnv): Promise<Record<string, Ended>> {
  const seen: Record<string, Ended> = {};
  for (const [index, args] of sessions.entries()) seen[`${index} ${args.join(" ")}`] = await admin(args, env);
  return seen;
}

describeWith(["tango_admin", "DataBaseds on MariaDB"], "tango_admin", () => {
  test("registers, asks and removes on the embedded database as on the real one", async () => {
    await using real = await tangoStack({ tangoTest: false });
    await using embedded = await embeddedDatabase();
    const theirs = await play(real.env);
    expect(Object.values(theirs).filter(({ code }) => code === 0).length).toBeGreaterThan(10);
    expect(Object.values(theirs).filter(({ code }) => code !== 0).length).toBeGreaterThan(5);
    expect(await play(embedded.env)).toEqual(theirs);
  });
});
