// SPDX-License-Identifier: MIT
// Every attribute and command of LimaCCDs, held against a table of what its clients know, by PyTango.
import { join } from "node:path";
import { expect, test } from "vitest";
import { limaClasses } from "../../servers/lima/classes.ts";
import { startServer } from "../../tango/index.ts";
import { attributes, commands, valueLists } from "../vectors/lima/limaccds-members.ts";
import { answerOf } from "../world/answers.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";

describeWith(["PyTango 10.3", "PyTango 9.3"], "the members of LimaCCDs", () => {
  test.each([
    ["10.3", python],
    ["9.3", debianPython],
  ])(
    "are those of the table, seen by PyTango %s",
    async (_version, interpreter) => {
      await using server = await startServer({
        server: "LimaCCDs/members",
        classes: limaClasses(),
        devices: { Simulator: { "a/simulator/1": { frame_dim: [40, 30, 2] } }, LimaCCDs: { "a/limaccds/1": {} } },
      });
      const script = join(import.meta.dirname, "../world/lima-members.py");
      const table = JSON.stringify({ attributes, commands, valueLists });
      expect(await answerOf(interpreter, [script, server.trl("a/limaccds/1")], table)).toEqual([]);
    },
    60_000,
  );
});
