// SPDX-License-Identifier: MIT
// Every attribute and command of LimaCCDs, of its plugins and of the simulator, held against tables of what their clients
// know, by PyTango.
import { join } from "node:path";
import { expect, test } from "vitest";
import { pluginClassNames } from "../../servers/lima/classes.ts";
import { attributes, commands, valueLists } from "../vectors/lima/limaccds-members.ts";
import { plugins } from "../vectors/lima/plugin-members.ts";
import { answerOf } from "../world/answers.ts";
import { localLima } from "../world/lima-local.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";

const script = join(import.meta.dirname, "../world/lima-members.py");

describeWith(["PyTango 10.3", "PyTango 9.3"], "the members of LimaCCDs", () => {
  test.each([
    ["10.3", python],
    ["9.3", debianPython],
  ])(
    "are those of the table, seen by PyTango %s",
    async (_version, interpreter) => {
      await using world = await localLima();
      const table = JSON.stringify({ attributes, commands, valueLists });
      expect(await answerOf(interpreter, [script, world.server.trl("a/limaccds/1")], table)).toEqual([]);
    },
    60_000,
  );

  test("those of its plugins and of the simulator are those of their tables", async () => {
    const families = Object.fromEntries(
      pluginClassNames.map((name) => [name, name.toLowerCase().replace("deviceserver", "")]),
    );
    await using world = await localLima({ plugins: families });
    expect(Object.keys(plugins).sort()).toEqual([...Object.values(families), "simulator"].sort());
    for (const [family, table] of Object.entries(plugins)) {
      const differences = await answerOf(python, [script, world.server.trl(`a/${family}/1`)], JSON.stringify(table));
      expect(differences, family).toEqual([]);
    }
  }, 60_000);
});
