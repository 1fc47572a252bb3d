// SPDX-License-Identifier: MIT
// node test/world/record-database.ts: plays the recorded calls on a real DataBaseds and a real TangoAccessControl and
// writes what they answer back beside each. Run it when calls are added; the unit and interop tests read the files.
import { writeFileSync } from "node:fs";
import { playCalls, type Recording, recordedCalls, recordingFile } from "./database-calls.ts";
import { run } from "./process.ts";
import { tangoStack } from "./tango-stack.ts";

async function record(name: Recording, device: string, control = false): Promise<void> {
  await using stack = await tangoStack({ tangoTest: false });
  const env = { ...stack.env, ...stack.sqlEnv };
  await using servers = new AsyncDisposableStack();
  if (control) servers.use(await run("/usr/lib/tango/TangoAccessControl", ["1"], { env, ready: /Ready to accept/ }));
  const calls = recordedCalls(name).map(({ call }) => call);
  const answers = await playCalls(stack.host, calls, { device });
  writeFileSync(
    recordingFile(name),
    calls.map((call, index) => `${JSON.stringify({ call, ...answers[index] })}\n`).join(""),
  );
}

await record("database", "sys/database/2");
await record("access-control", "sys/access_control/1", true);
