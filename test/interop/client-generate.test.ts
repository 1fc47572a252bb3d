// SPDX-License-Identifier: MIT
// What `bandoneon generate` writes type-checks, and says what the device, or Pogo, says of the class.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { InterfaceDefinition } from "../../tango/index.ts";
import { connect } from "../../tango/index.ts";
import { everythingServer } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { tangoStack } from "../world/tango-stack.ts";

const root = join(import.meta.dirname, "../..");
const shippedXmi = "/usr/lib/python3/dist-packages/tango/databaseds/DataBase.xmi";

function generate(from: string, file: string, env: NodeJS.ProcessEnv = process.env): void {
  const args = ["generate", from, "--output", file, "--from", "../../../tango/index.ts"];
  execFileSync(process.execPath, [join(root, "cli/main.ts"), ...args], { env, stdio: "pipe" });
}

describeWith(["DataBaseds on MariaDB", "TangoTest", "PyTango 9.3"], "interfaces from running devices", () => {
  test("TangoTest and a PyTango server", async () => {
    await using stack = await tangoStack();
    await using server = await everythingServer(stack, "PyTango 9.3", "generated");
    // Inside the project, where the compiler finds its settings and the package.
    const folder = mkdtempSync(join(root, "test/world/generated-"));
    try {
      const files = [
        ["sys/tg_test/1", join(folder, "tango-test.ts"), "tangoTest"],
        [server.device, join(folder, "everything.ts"), "everything"],
      ] as const;
      for (const [device, file, name] of files) {
        generate(device, file, stack.env);
        const definition: InterfaceDefinition = (await import(file))[name];
        await using proxy = await connect(device, { host: stack.host });
        const configs = await proxy.attributes();
        expect(Object.keys(definition.attributes ?? {})).toEqual(
          configs.map((each) => each.name).filter((each) => !/^(state|status)$/i.test(each)),
        );
        for (const { name: attribute, type, format, access } of configs) {
          const defined = definition.attributes?.[attribute];
          if (defined) expect([defined.type.name, defined.format, defined.access]).toEqual([type, format, access]);
        }
        const commands = (await proxy.commands()).map((each) => each.name);
        expect(Object.keys(definition.commands ?? {})).toEqual(
          commands.filter((each) => !/^(init|state|status)$/i.test(each)),
        );
      }
      expect(readFileSync(files[0][1], "utf8")).toContain(
        'double_scalar_rww: readWithWrite(DevDouble, "double_scalar_w")',
      );
      // Pogo's descriptions: of a class with everything, and of the real database server, as PyTango ships it.
      const pogo = [
        [join(root, "test/vectors/pogo/Furnace.xmi"), join(folder, "furnace.ts"), "furnace", 41, 27],
        [shippedXmi, join(folder, "database.ts"), "dataBase", 7, 82],
      ] as const;
      for (const [xmi, file, name, attributes, commands] of pogo) {
        generate(xmi, file);
        const definition: InterfaceDefinition = (await import(file))[name];
        expect(Object.keys(definition.attributes ?? {}).length, xmi).toBe(attributes);
        expect(Object.keys(definition.commands ?? {}).length, xmi).toBe(commands);
      }
      expect(() => generate("nowhere.xmi", join(folder, "nowhere.ts"))).toThrow(/no such file/);
      const config = { extends: join(root, "tsconfig.json"), include: ["*.ts"], compilerOptions: { noEmit: true } };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { stdio: "pipe" });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
