// SPDX-License-Identifier: MIT
// Where each recorded case of cppTango's behaviour is asked of our server. The first entry that fits a case counts.

export interface Coverage {
  readonly area: string | readonly string[];
  /** Fits the steps, as JSON. */
  readonly steps?: RegExp;
  /** Lines of behaviour.jsonl. */
  readonly lines?: readonly number[];
  /**
   * "played": as it is, by test/interop/server-recorded-behaviour.test.ts. A `.jsonl`: it is a row of that file, played by the
   * test that reads the file. A `.test.ts`: in the words of that test. "nobody": ours differs, or there is nothing to ask.
   */
  readonly by: "played" | `${string}.jsonl` | `${string}.test.ts` | "nobody";
  /** Why nobody asks; what stands for it in the named test. */
  readonly because?: string;
}

const overflow = "a limit beyond the type overflows there; here it is exact";
const encoded = "limits of DevEncoded attributes are stored there as an empty text";
const pairs = "the delta properties are stored as a pair, and what the other one was is not recorded";

export const coverage: readonly Coverage[] = [
  // ---- alarms
  { area: "alarm-types", by: "nobody", because: "10.3.3 refuses limits of enumerations, and so do we: attrconf-types" },
  {
    area: ["alarm-bounds", "alarm-status", "alarm-userquality", "alarm-rds", "alarm-polled", "state-alarm-user"],
    by: "played",
  },

  // ---- configuration
  { area: "badprop-start", steps: /stdout/, by: "nobody", because: "only says that nothing is said" },
  { area: ["badprop-start", "attrconf-hard", "attrconf-enum", "attrconf-memorized", "attconf-event"], by: "played" },
  { area: ["attrconf-validate"], lines: [340, 343, 344, 346, 347], by: "nobody", because: overflow },
  { area: "attrconf-types", steps: /"enc"/, by: "nobody", because: encoded },
  { area: "attrconf-special", steps: /"d[tv]"/, by: "nobody", because: pairs },
  { area: "attrconf-delta", lines: [408, 411, 659], by: "nobody", because: pairs },

  { area: "attrconf-text", lines: [584], by: "nobody", because: "what is stored are the bytes of the client" },
  {
    area: "attrconf-partial",
    steps: /two configs/,
    by: "server-recorded-behaviour.test.ts",
    because: "attconf-event, two attrs",
  },
  {
    area: [
      "attrconf-special", "attrconf-validate", "attrconf-types", "attrconf-change", "attrconf-order", "attrconf-text",
      "attrconf-delta", "attrconf-partial",
    ],
    by: "configurations.jsonl",
  }, // biome-ignore format: a list

  // ---- memorised attributes
  {
    area: "memorized-value",
    lines: [850],
    by: "nobody",
    because: "a DevLong64 there; 64-bit numbers are in memorised.jsonl",
  },
  { area: "memorized-value", by: "memorised.jsonl" },
  { area: "memorized-init", by: "nobody", because: "the log is one of PyTango's own start; what is read is in limits" },
  { area: "memorized-fail", steps: /stdout/, by: "server-database.test.ts", because: "a refused one is told" },
  {
    area: "memorized-fail",
    steps: /m_f 2|__value m_d=50/,
    by: "server-database.test.ts",
    because: "what was set is set again after a restart",
  },
  { area: ["memorized-restart", "memorized-fail"], by: "played" },

  // ---- events
  {
    area: "event-change",
    steps: /"evu"/,
    by: "nobody",
    because: "every decrease of an unsigned number is a change there",
  },
  { area: "event-change", steps: /"subscribe"/, by: "played" },
  { area: ["event-change", "event-exception", "event-quality"], by: "changes.jsonl" },
  { area: "event-push", steps: /USER_EVENT/, by: "nobody", because: "the recording client failed" },
  { area: "event-archive", steps: /"subscribe"/, by: "played" },
  { area: "event-archive", by: "server-events.test.ts", because: "change and archive, found by polling" },
  { area: "event-periodic", by: "server-events.test.ts", because: "periodic, at the attribute's period" },
  { area: ["event-push", "event-misc"], by: "played" },
  {
    area: "event-interface",
    by: "server-events.test.ts",
    because: "interface change: an attribute attached and removed",
  },
  { area: "reconnect", by: "server-database.test.ts", because: "events by name; no restart and no Init ends them" },
  { area: "restart-events", steps: /DevPollStatus/, by: "server-polling.test.ts", because: "the status of polling" },
  {
    area: "restart-events",
    lines: [1319, 1322, 1334, 1351, 1352],
    by: "server-events.test.ts",
    because: "Init of the device and of the admin device end no subscription",
  },
  { area: "restart-events", by: "played" },
  { area: "timing", by: "nobody", because: "figures of one machine" },

  // ---- polling
  { area: "poll-errors", steps: /"AddObjPolling cnt period"/, by: "played" },
  {
    area: "poll-history",
    steps: /history order|history\(2\)/,
    by: "server-polling.test.ts",
    because: "the history is what was read",
  },
  { area: ["poll-errors", "poll-trigger", "poll-history"], by: "played" },
  {
    area: "poll-group",
    by: "server-polling.test.ts",
    because: "the status of polling: commands first, then attributes",
  },
  {
    area: "poll-slow",
    by: "server-polling-steady.test.ts",
    because: "others are polled on while one device's read does not end",
  },
  {
    area: "poll-cacheage",
    by: "server-polling.test.ts",
    because: "StopPolling ages the cache, StartPolling refreshes it",
  },
  { area: "poll-pool", by: "server-recorded-administration.test.ts", because: "devices polled by two threads" },

  // ---- limits, serialisation, forwarded attributes
  { area: "limits", steps: /"write","wosp"/, by: "nobody", because: "set values of WRITE spectra are garbage there" },
  {
    area: "limits",
    steps: /"enc"|"dst"/,
    by: "server-values.test.ts",
    because: "states: a list of them|enumerations, encoded",
  },
  {
    area: "limits",
    steps: /enum -1|enum value 7|any write","wost"/,
    by: "nobody",
    because: "what PyTango says, or garbage",
  },
  {
    area: "limits",
    lines: [1193, 1194],
    by: "server-values.test.ts",
    because: "limits, NaN, readers and writers only",
  },
  { area: "limits", by: "administration.jsonl" },
  { area: "limits-cpp", by: "server-values.test.ts", because: "limits, NaN, readers and writers only" },
  { area: "serial", by: "server-serialisation.test.ts", because: "who waits too long is told for what" },
  {
    area: "fwd",
    by: "server-forwarded.test.ts",
    because: "what is wrongly configured is not there, and the Status says why",
  },

  // ---- administration
  {
    area: "logging",
    steps:
      /device target|consumer|targets|device::|without path|console twice|pattern \*|file::\*|20 kB|after Init|default dir|-v5/,
    by: "server-logging.test.ts",
    because: "a log consumer of PyTango gets|targets are named once|a file that has grown|started with -v5",
  },
  {
    area: "logging",
    steps: /file target|bad dir/,
    by: "server-device.test.ts",
    because: "logging: levels by pattern, targets, messages in a file",
  },
  { area: "logging", by: "administration.jsonl" },
  {
    area: "dserver",
    steps: /QueryWizardClass|"BhC"|"bhc"|"BhDev"/,
    by: "server-device.test.ts",
    because: "the admin device knows its classes, devices, properties",
  },
  {
    area: "dserver",
    steps: /RestartServer/,
    by: "server-device.test.ts",
    because: "RestartServer brings everything back",
  },
  {
    area: "dserver",
    steps: /Kill/,
    by: "server-database.test.ts",
    because: "Kill ends the server; its devices are no longer exported",
  },
  {
    area: "lock",
    steps: /killed/i,
    by: "server-forwarded-locks.test.ts",
    because: "the lock of a client that died ends",
  },
  {
    area: "lock",
    steps: /other/,
    by: "server-database.test.ts",
    because: "a lock keeps others out until it is given back",
  },
  { area: ["dserver", "lock"], by: "played" },

  // ---- without a database
  {
    area: "nodb-file",
    lines: [1327, 1342],
    by: "server-command-line.test.ts",
    because: "what the C++ server ends with an exception for, ours refuses in one line",
  },
  { area: "nodb-file", lines: [1328, 1343], by: "server-command-line.test.ts", because: "a device without family" },
  {
    area: "nodb-file",
    lines: [1340],
    by: "nobody",
    because: "PyTango fails without -dlist; ours does what 9.3.4 does: line 1326",
  },
  {
    area: "nodb-file",
    lines: [1344],
    by: "nobody",
    because: "PyTango fails when the file names not every class; ours serves those it names",
  },
  {
    area: "nodb-file",
    lines: [1329],
    by: "nobody",
    because: "line 1345 is the same of the later server, which has one block more",
  },
  {
    area: "nodb-file",
    by: "server-recorded-nodb.test.ts",
    because: "line 1326|line 1345|line %d: a file that is not there|line %d: the devices",
  },
];
