// SPDX-License-Identifier: MIT
// Our GIOP server against PyTango: cppTango's client over omniORB 4.2 and 4.3.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { GiopServer } from "../../tango/giop/index.ts";
import { tcp } from "../../tango/transport/index.ts";
import { echoAdapter } from "../world/echo-device.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";

const run = promisify(execFile);

async function ask(
  interpreter: string,
  script: string,
  options: Parameters<typeof echoAdapter>[0] & { fragmentSize?: number } = {},
) {
  const { fragmentSize, ...about } = options;
  const fragments = fragmentSize === undefined ? {} : { fragmentSize };
  await using server = await GiopServer.listen(tcp(), { host: "127.0.0.1", port: 0 }, echoAdapter(about), fragments);
  const port = "port" in server.endpoint ? server.endpoint.port : 0;
  const head = `import tango, sys\nname = "tango://127.0.0.1:${port}/a/b/c#dbase=no"\nd = tango.DeviceProxy(name)\n`;
  const { stdout } = await run(interpreter, ["-c", head + script], { timeout: 30_000 });
  return stdout.trim().split("\n");
}

const echo = `
import math
values = {
 "C1": True, "C2": -32768, "C3": -2147483648, "C4": 1.5, "C5": 5e-324, "C6": 65535, "C7": 4294967295, "C8": "caf\\u00e9",
 "C23": -2**63, "C24": 2**64-1, "C19": tango.DevState.MOVING,
 "C9": [0, 255], "C10": [-1, 2], "C11": [1, -2147483648], "C12": [0.5], "C13": [1e300, -0.0], "C14": [65535], "C15": [4294967295],
 "C16": ["", "a", "bc"], "C17": [[1, 2], ["x"]], "C18": [[1.5], []], "C21": [True, False], "C25": [2**63-1], "C26": [2**64-1],
}
for name, value in values.items():
    back = d.command_inout(name, value)
    got = [list(part) for part in back] if name in ("C17", "C18") else list(back) if isinstance(value, list) else back
    assert got == value, (name, value, back)
print(len(values))
`;

for (const [version, interpreter] of [
  ["9.3", debianPython],
  ["10.3", python],
] as const) {
  describeWith([`PyTango ${version}`], `a GIOP server for PyTango ${version}`, () => {
    test("is connected to, pinged and asked", async () => {
      const script = "d.ping(); print(d.state(), d.status(), d.info().dev_class, d.get_idl_version())";
      expect(await ask(interpreter, script)).toEqual([`ON ready Echo ${version === "9.3" ? 5 : 6}`]);
    });

    test("gets every type of command argument and sends it back", async () => {
      expect(await ask(interpreter, echo)).toEqual(["24"]);
    });

    test("sends big arrays, whole and in fragments", async () => {
      const script = "v = d.read_attribute('x').value; print(len(v), v.sum())";
      expect(await ask(interpreter, script, { size: 1_000_000 })).toEqual(["1000000 1500000.0"]);
      expect(await ask(interpreter, script, { size: 10_000, fragmentSize: 1024 })).toEqual(["10000 15000.0"]);
    });

    test("takes big arguments", async () => {
      const script = "import numpy\nv = d.command_inout('C13', numpy.arange(500000.0)); print(len(v), v[-1])";
      expect(await ask(interpreter, script)).toEqual(["500000 499999.0"]);
    });

    test("answers with DevFailed, what Latin-1 lacks replaced", async () => {
      const script = `
try:
    d.command_inout("Fail")
except tango.DevFailed as error:
    print(error.args[0].reason, error.args[0].desc)`;
      const [line] = await ask(interpreter, script);
      expect(line).toMatch(/^Echo_Failed caf\S+ \? failed$/);
    });

    test("serves others while one call takes long, and survives its client's timeout", async () => {
      const script = `
d.set_timeout_millis(100)
try:
    d.command_inout("Slow")
except tango.DevFailed as error:
    print("CallTimedout" in error.args[0].desc)
d.ping()
print(d.command_inout("C3", 5))`;
      expect(await ask(interpreter, script)).toEqual(["True", "5"]);
    });

    test("takes calls that want no reply", async () => {
      const seen: boolean[] = [];
      const script = "d.command_inout_asynch('C3', 1, True)\nd.ping()\nprint('sent')";
      const onRequest = ({ operation, oneWay }: { operation: string; oneWay: boolean }) => {
        if (operation === "command_inout_4") seen.push(oneWay);
      };
      expect(await ask(interpreter, script, { onRequest })).toEqual(["sent"]);
      expect(seen).toEqual([true]);
    });
  });
}
