// SPDX-License-Identifier: MIT
// Every command, against what a real DataBaseds answered to the same calls in the same order.
import { expect, test } from "vitest";
import { accessCommands } from "../../../servers/access-control/commands.ts";
import { commands, isChange } from "../../../servers/database/commands/index.ts";
import { savepoint } from "../../../servers/database/store/durable.ts";
import { openStore, type Store } from "../../../servers/database/store/store.ts";
import { DevFailed } from "../../../tango/errors.ts";
import { type DatabaseAnswer, differences, recordedCalls } from "../../world/database-calls.ts";

type Functions = Readonly<Record<string, (store: Store, argument: never) => unknown>>;

function answer(store: Store, functions: Functions, name: string, argument: unknown): DatabaseAnswer {
  const command = functions[name] as (store: Store, argument: unknown) => unknown;
  try {
    const reply = savepoint(store.database, () => command(store, argument));
    if (typeof reply !== "object" || reply === null || Array.isArray(reply)) return { reply };
    const { lvalue, svalue } = reply as { lvalue: Int32Array; svalue: string[] };
    return { reply: { lvalue: [...lvalue], svalue } };
  } catch (error) {
    if (!(error instanceof DevFailed)) throw error;
    const { reason, desc, origin } = error.errors[0]!;
    return { error: [reason, desc, origin] };
  }
}

test("all commands answer as the real database did", () => {
  using store = openStore(":memory:");
  // As the recorded server had done when it was up.
  store.database.exec("UPDATE device SET exported = 1, host = 'vm', version = '5' WHERE server = 'DataBaseds/2'");
  const recorded = recordedCalls("database");
  expect(recorded.length).toBeGreaterThan(500);
  const [, ...calls] = recorded.map(({ call }) => call);
  const ours = calls.map(([name, argument]) => answer(store, commands, name, argument));
  expect(differences(calls, ours, recorded.slice(1))).toEqual([]);
  const called = new Set<string>(calls.map(([name]) => name));
  expect(Object.keys(commands).filter((name) => !called.has(name))).toEqual(["DbGetCSDbServerList"]);
  expect(isChange("DbGetDeviceInfo")).toBe(false);
  expect(isChange("DbPutProperty")).toBe(true);
});

test("access control answers as the real TangoAccessControl did", () => {
  using store = openStore(":memory:");
  const recorded = recordedCalls("access-control");
  const calls = recorded.map(({ call }) => call);
  const ours = calls.map(([name, argument]) => answer(store, accessCommands, name, argument));
  expect(differences(calls, ours, recorded)).toEqual([]);
});
