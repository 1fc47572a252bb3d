// SPDX-License-Identifier: MIT
// The Tango database as a device class: every command is a function of the store, timed, and answered when it is durable.
import { deviceClass, type Handlers } from "../../tango/index.ts";
import { commands, isChange } from "./commands/index.ts";
import { database, type StoreCommand } from "./interface.ts";
import type { Durable } from "./store/durable.ts";
import type { Store } from "./store/store.ts";
import { Timings } from "./timings.ts";

/** What clients look for: from 1.9 on the server cache holds pipes. */
const storedProcedureRelease = "release 1.13";

type Execute = (argument: never) => unknown;

export const databaseClass = (store: Store, durable: Durable) =>
  deviceClass(database, (device) => {
    const timings = new Timings();
    store.historyDepth = device.properties.historyDepth;
    const timed =
      (name: StoreCommand): Execute =>
      (argument) => {
        const begun = performance.now();
        const run = commands[name] as (store: Store, argument: never) => unknown;
        const answer = isChange(name)
          ? durable.change(() => run(store, argument))
          : durable.read(() => run(store, argument));
        timings.record(name, performance.now() - begun);
        return answer;
      };
    const names = Object.keys(commands) as StoreCommand[];
    const handlers = Object.fromEntries(names.map((name) => [name, timed(name)]));
    return {
      StoredProcedureRelease: () => storedProcedureRelease,
      Timing_average: () => timings.columns.average,
      Timing_minimum: () => timings.columns.minimum,
      Timing_maximum: () => timings.columns.maximum,
      Timing_calls: () => timings.columns.calls,
      Timing_index: () => timings.columns.index,
      Timing_info: () => timings.info,
      // The table of commands and the interface are one value: a command without a function does not compile there.
      ...(handlers as unknown as CommandHandlers),
      ResetTimingValues: () => timings.reset(),
      Status: () => "Device is OK",
    };
  });

type CommandHandlers = Pick<Handlers<typeof database>, StoreCommand>;
