// SPDX-License-Identifier: MIT
import {
  DevBoolean,
  DevLong,
  DevShort,
  DevState,
  DevString,
  DevVarStringArray,
  DevVoid,
} from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, spectrum } from "../../tango/interface.ts";

const polled = { pollingPeriod: 1000 };
const controlledOnly = "True for all servers. False for controlled servers only.";

/** Starts, stops and watches the device servers of one host. */
export const starter = defineInterface({
  name: "Starter",
  description: "This device server is able to control the device servers of its host.",
  properties: {
    StartDsPath: property(DevVarStringArray, ["."], "Path to find executable files\nto start device servers"),
    LogFileHome: property(DevString, "/var/tmp", "The home directory to log servers traces."),
    KeepLogFiles: property(DevLong, 3, "Number of log file kept."),
    AutoRestartDuration: property(
      DevLong,
      0,
      "If this property is greater than 0, if a server has been running more than the specified value (in minutes), and has failed, it will be restart automatically.",
    ),
    InterStartupLevelWait: property(DevLong, 1, "Time to wait before two startup levels in seconds."),
    ServerStartupTimeout: property(DevLong, 30, "Timeout on device server startup in seconds."),
    StartServersAtStartup: property(DevBoolean, true, "Skip starting servers at startup if false."),
    WaitForDriverStartup: property(
      DevLong,
      0,
      "The Starter will wait a bit before starting servers, to be sure than the drivers\nare started.This time is in seconds.",
    ),
    MovingMaxDuration: property(
      DevLong,
      120,
      "If a server is moving during a period more than this value,\nthe Starter will be switched from MOVING to STANDBY",
    ),
    NbStartupLevels: property(DevLong, 5, "Number of startup levels managed by starter."),
    ReadInfoDbPeriod: property(DevLong, 4, "Period to read database for new info if not fired from Database server."),
    UseEvents: property(DevLong, 0, "Use events if not null."),
  },
  attributes: {
    NotifdState: readable(DevState, {
      label: "Notifd State",
      description: "return ON or FAULT if notify daemon is running or not.",
      ...polled,
    }),
    HostState: readable(DevShort, polled),
    RunningServers: readable(spectrum(DevString, 1024), polled),
    StoppedServers: readable(spectrum(DevString, 1024), {
      label: "All Stopped Servers",
      description: "Return all the Stopped servers.",
      ...polled,
    }),
    Servers: readable(spectrum(DevString, 1024), {
      description:
        "Return all registered servers for this host.\nServer names are followed by:   [states] [controlled] [level] [nb instances]\nIf nb instances >1 a warning will be displayed in Astor",
      ...polled,
    }),
  },
  commands: {
    DevStart: command(DevString, DevVoid, { inputDescription: "Server to be started." }),
    DevStop: command(DevString, DevVoid, { inputDescription: "Server to be stopped." }),
    DevStartAll: command(DevShort, DevVoid, { inputDescription: "Startup level." }),
    DevStopAll: command(DevShort, DevVoid, { inputDescription: "Startup Level." }),
    DevGetRunningServers: command(DevBoolean, DevVarStringArray, {
      inputDescription: controlledOnly,
      outputDescription: "List of the processes which are running.",
    }),
    DevGetStopServers: command(DevBoolean, DevVarStringArray, {
      inputDescription: controlledOnly,
      outputDescription: "List of the processes which are not running.",
    }),
    DevReadLog: command(DevString, DevString, {
      inputDescription:
        "server name and domain (e.g. Starter/corvus)\nIf argin ==``Starter``     -> return Starter logg file content.\nIf argin ==``Statistics``  -> return Starter statistics file content.",
      outputDescription: "String found in log file.",
    }),
    HardKillServer: command(DevString, DevVoid, { inputDescription: "Server name" }),
    NotifyDaemonState: command(DevVoid, DevState, {
      outputDescription: "Tango::ON if Notify daemon is running else Tango::FAULT.",
    }),
    ResetStatistics: command(DevVoid, DevVoid, { level: "EXPERT" }),
    UpdateServersInfo: command(DevVoid, DevVoid),
  },
});
