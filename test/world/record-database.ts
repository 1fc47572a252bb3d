// SPDX-License-Identifier: MIT
// node test/world/record-database.ts: plays the calls of test/vectors/database/recorded.jsonl on a real DataBaseds and
// writes what it answers back beside each. Run it when calls are added; the unit and interop tests read the file.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { playCalls } from "./database-calls.ts";
import { tangoStack } from "./tango-stack.ts";

const file = join(import.meta.dirname, "../vectors/database/recorded.jsonl");
const calls = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line).call);
await using stack = await tangoStack({ tangoTest: false });
const answers = await playCalls(stack.host, calls);
writeFileSync(file, calls.map((call, index) => `${JSON.stringify({ call, ...answers[index] })}\n`).join(""));
