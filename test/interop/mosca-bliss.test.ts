// SPDX-License-Identifier: MIT
// A spectrometer as BLISS uses it: PyTango of both generations drive MoscaV1 in the call order of BLISS 2.4.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { debianPython, describeWith, python } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const interpreters = { "PyTango 10.3": python, "PyTango 9.3": debianPython };
const good = { rois: true, events: true, icr: true, realtime: true, dead: true };
const timed = { ...good, points: 20 };

describeWith(["PyTango 10.3", "PyTango 9.3"], "MoscaV1", () => {
  test.each(Object.entries(interpreters))("%s acquires in the order of BLISS", async (_name, interpreter) => {
    const port = await freePort();
    const devices = "SimFalconX::a/simfalconx/1,Generator::a/generator/1,Mosca::a/mosca/1,MoscaV1::a/moscav1/1";
    const args = ["t", "-nodb", "-dlist", devices, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
    await using _server = await run(join(root, "bin/Mosca"), args, { ready: /Ready to accept request/ });
    const script = [join(root, "test/world/mosca-v1.py"), `tango://127.0.0.1:${port}/a/moscav1/1#dbase=no`];
    const { stdout } = await promisify(execFile)(interpreter, script, { timeout: 60_000 });
    const { info, answers } = JSON.parse(stdout);
    expect(answers).toEqual({ SOFTWARE: Array(3).fill({ ...good, points: 1 }), GATE: [timed], SYNC: [timed] });
    expect(info).toMatchObject({
      model: "simfalconx",
      channels: 4,
      size: 4096,
      alias: [0, 1, 2, 3],
      state: "ON",
      idle: [0, 0, 0, 0],
      SOFTWARE: ["SOFTWARE", "REALTIME", "MCA"],
      GATE: ["GATE", "NONE", "MAP"],
      SYNC: ["SYNC", "NONE", "MAP"],
    });
    expect(info.errors).toEqual([
      ["PyDs_PythonError", "RuntimeError: point 99 is not available yet.\n"],
      ["PyDs_PythonError", "mosca.control.tasks.rois.InvalidRoiException: Invalid roi range: ch0 > ch1 (20 > 10).\n"],
      ["PyDs_PythonError", "ValueError: Unknown trigger_mode: NOPE. It must be one of SOFTWARE, GATE, SYNC.\n"],
    ]);
  });
});
