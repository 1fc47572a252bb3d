// SPDX-License-Identifier: MIT
// A server whose configuration is a file (-file=): read as C++ servers read it, kept up to date by what clients set.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";
import { pyTangoClient } from "../world/pytango.ts";

const launcher = join(import.meta.dirname, "../../bin/TangoTest");
const ready = /Ready to accept request/;
const CONTENTS = `# comment
TangoTest/fl/DEVICE/TangoTest: "t/file/1",\\
 "t/file/2"
CLASS/TangoTest->clsprop: "from class"
t/file/1->Sleep_period: 50
t/file/1->devarr: 4,\\
5
t/file/1->polled_attr: short_scalar,\\
1000
t/file/1/double_scalar->label: "File Label"
t/file/1/double_scalar->unit: V
`;

describeWith(["PyTango 9.3", "PyTango 10.3"], "-file", () => {
  test.each(["PyTango 9.3", "PyTango 10.3"] as const)(
    "%s reads what the file says, sets what it then says",
    async (which) => {
      await using stack = new AsyncDisposableStack();
      const folder = mkdtempSync(join(tmpdir(), "tango-file-"));
      stack.defer(() => rmSync(folder, { recursive: true }));
      const file = join(folder, "properties");
      writeFileSync(file, CONTENTS);
      const port = await freePort();
      const args = ["fl", `-file=${file}`, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
      const client = stack.use(await pyTangoClient(which));
      const shown = `c = d.get_attribute_config("double_scalar"); [c.label, c.unit, c.min_value, d.get_attribute_poll_period("short_scalar")]`;
      {
        await using _server = await run(launcher, args, { ready });
        await client.py(
          `d, e = (tango.DeviceProxy("tango://127.0.0.1:${port}/t/file/" + n + "#dbase=no") for n in "12")`,
        );
        expect(
          await client.py(`[str(e.state()), ${shown.replace("c = ", "(c := ").replace("); [", ")) and [")}]`),
        ).toEqual(["RUNNING", ["File Label", "V", "Not specified", 1000]]);
        await client.py(
          `c = d.get_attribute_config("double_scalar"); c.unit, c.min_value = "mV", "-5"; d.set_attribute_config(c)`,
        );
        const rewritten = readFileSync(file, "utf8");
        expect(rewritten).toMatch(/^t\/file\/1\/double_scalar->unit: *"?mV"?$/m);
        expect(rewritten).toMatch(/^t\/file\/1\/double_scalar->min_value: *"?-5"?$/m);
        expect(rewritten).toMatch(/^CLASS\/TangoTest->clsprop: *"from class"$/m);
        expect(rewritten).toContain("devarr");
      }
      await using _again = await run(launcher, args, { ready });
      expect(await client.py(`until(lambda: d.ping() > 0); ${shown}`)).toEqual(["File Label", "mV", "-5", 1000]);
    },
  );

  test("a file that is not there is told", async () => {
    const args = ["fl", "-file=/nonexistent/file", "-ORBendPoint", `giop:tcp:127.0.0.1:${await freePort()}`];
    await using server = await run(launcher, args);
    expect(await server.exited).toBe(255);
    expect(server.output()).toContain("/nonexistent/file");
  });
});
