// SPDX-License-Identifier: MIT
// The commands of the admin device of every server (class DServer), of Tango 9 and 10.
import {
  DevBoolean,
  DevLong,
  DevString,
  DevVarLongStringArray,
  DevVarStringArray,
  DevVoid,
} from "../../idl/tango-types.ts";
import { command, defineInterface } from "../../interface.ts";

export const dserver = defineInterface({
  name: "DServer",
  description: "The administration device of a server",
  commands: {
    AddLoggingTarget: command(DevVarStringArray, DevVoid, {
      inputDescription: "Str[i]=Device-name. Str[i+1]=Target-type::Target-name",
    }),
    AddObjPolling: command(DevVarLongStringArray, DevVoid, {
      inputDescription: "Lg[0]=Upd period. Str[0]=Device name. Str[1]=Object type. Str[2]=Object name",
    }),
    AddTelemetryLoggingEndpoints: command(DevVarStringArray, DevVoid, {
      inputDescription: "Str[i]=device name, Str[i+1]=exporter type, Str[i+2]=endpoint...",
    }),
    AddTelemetryTracingEndpoints: command(DevVarStringArray, DevVoid, {
      inputDescription: "Str[i]=device name, Str[i+1]=exporter type, Str[i+2]=endpoint...",
    }),
    DevLockStatus: command(DevString, DevVarLongStringArray, {
      inputDescription: "Device name",
      outputDescription: "Device locking status",
    }),
    DevPollStatus: command(DevString, DevVarStringArray, {
      inputDescription: "Device name",
      outputDescription: "Device polling status",
    }),
    DevRestart: command(DevString, DevVoid, { inputDescription: "Device name" }),
    EnableEventSystemPerfMon: command(DevBoolean, DevVoid, {
      inputDescription: "Enable or disable the collection of performance samples for events",
    }),
    EventConfirmSubscription: command(DevVarStringArray, DevVoid, {
      inputDescription:
        "Str[0] = dev1 name, Str[1] = att1 name, Str[2] = event name, Str[3] = dev2 name, Str[4] = att2 name, Str[5] = event name,...",
    }),
    EventSubscriptionChange: command(DevVarStringArray, DevLong, {
      inputDescription: "Event consumer wants to subscribe to",
      outputDescription: "Tango lib release",
    }),
    GetLoggingLevel: command(DevVarStringArray, DevVarLongStringArray, {
      inputDescription: "Device list",
      outputDescription: "Lg[i]=Logging Level. Str[i]=Device name.",
    }),
    GetLoggingTarget: command(DevString, DevVarStringArray, {
      inputDescription: "Device name",
      outputDescription: "Logging target list",
    }),
    GetTelemetryLogging: command(DevVarStringArray, DevVarLongStringArray, {
      inputDescription: "Device list",
      outputDescription: "Long[i]=enable(1)/disabled(0); Str[i]=device name",
    }),
    GetTelemetryLoggingEndpoints: command(DevVarStringArray, DevVarStringArray, {
      inputDescription: "Device List",
      outputDescription: "Str[i]=Device Name, Str[i+1] = # of endpoints, Str[i+2]=exporter type, Str[i+3]=endpoint...",
    }),
    GetTelemetryTopics: command(DevVarStringArray, DevVarStringArray, {
      inputDescription: "Device list",
      outputDescription: "Str[i]=device name, Str[i+1] = # of topics, Str[i+2]... = topics",
    }),
    GetTelemetryTracing: command(DevVarStringArray, DevVarLongStringArray, {
      inputDescription: "Device list",
      outputDescription: "Long[i]=enable(1)/disabled(0); Str[i]=device name",
    }),
    GetTelemetryTracingEndpoints: command(DevVarStringArray, DevVarStringArray, {
      inputDescription: "Device List",
      outputDescription: "Str[i]=Device Name, Str[i+1] = # of endpoints, Str[i+2]=exporter type, Str[i+3]=endpoint...",
    }),
    IsTelemetryEnabled: command(DevVarStringArray, DevVarLongStringArray, {
      inputDescription: "Device list",
      outputDescription: "Long[i]=enable(1)/disabled(0); Str[i]=device name",
    }),
    Kill: command(DevVoid, DevVoid),
    LockDevice: command(DevVarLongStringArray, DevVoid, {
      inputDescription: "Str[0] = Device name. Lg[0] = Lock validity",
    }),
    PolledDevice: command(DevVoid, DevVarStringArray, { outputDescription: "Polled device name list" }),
    QueryClass: command(DevVoid, DevVarStringArray, { outputDescription: "Device server class(es) list" }),
    QueryDevice: command(DevVoid, DevVarStringArray, { outputDescription: "Device server device(s) list" }),
    QueryEventSystem: command(DevVoid, DevString, {
      outputDescription: "JSON object with information about the event system",
    }),
    QuerySubDevice: command(DevVoid, DevVarStringArray, { outputDescription: "Device server sub device(s) list" }),
    QueryWizardClassProperty: command(DevString, DevVarStringArray, {
      inputDescription: "Class name",
      outputDescription: "Class property list (name - description and default value)",
    }),
    QueryWizardDevProperty: command(DevString, DevVarStringArray, {
      inputDescription: "Class name",
      outputDescription: "Device property list (name - description and default value)",
    }),
    ReLockDevices: command(DevVarStringArray, DevVoid, { inputDescription: "Device(s) name" }),
    RemObjPolling: command(DevVarStringArray, DevVoid, {
      inputDescription: "Str[0]=Device name. Str[1]=Object type. Str[2]=Object name",
    }),
    RemoveLoggingTarget: command(DevVarStringArray, DevVoid, {
      inputDescription: "Str[i]=Device-name. Str[i+1]=Target-type::Target-name",
    }),
    RemoveTelemetryLoggingEndpoints: command(DevVarStringArray, DevVoid, {
      inputDescription: "Str[i]=device name, Str[i+1]=exporter type, Str[i+2]=endpoint...",
    }),
    RemoveTelemetryTracingEndpoints: command(DevVarStringArray, DevVoid, {
      inputDescription: "Str[i]=device name, Str[i+1]=exporter type, Str[i+2]=endpoint...",
    }),
    RestartServer: command(DevVoid, DevVoid),
    SetLoggingLevel: command(DevVarLongStringArray, DevVoid, {
      inputDescription: "Lg[i]=Logging Level. Str[i]=Device name.",
    }),
    SetTelemetryLogging: command(DevVarLongStringArray, DevVoid, {
      inputDescription: "Long[i]=enable(1)/disabled(0); Str[i]=device name",
    }),
    SetTelemetryLoggingEndpoints: command(DevVarStringArray, DevVoid, {
      inputDescription:
        "Str[i]=Device name, Str[i+1]=# of exporter/endpoint pairs, Str[i+2]=exporter type A, Str[i+3]=endpoint A, Str[i+3]=exporter type B, Str[i+4]=endpoint B...",
    }),
    SetTelemetryTopics: command(DevVarStringArray, DevVoid, {
      inputDescription: "Str[i] = Device name, Str[i+1]=# of topis, Str[i+2] ... = topics",
    }),
    SetTelemetryTracing: command(DevVarLongStringArray, DevVoid, {
      inputDescription: "Long[i]=enable(1)/disabled(0); Str[i]=device name",
    }),
    SetTelemetryTracingEndpoints: command(DevVarStringArray, DevVoid, {
      inputDescription:
        "Str[i]=Device name, Str[i+1]=# of exporter/endpoint pairs, Str[i+2]=exporter type A, Str[i+3]=endpoint A, Str[i+3]=exporter type B, Str[i+4]=endpoint B...",
    }),
    StartLogging: command(DevVoid, DevVoid),
    StartPolling: command(DevVoid, DevVoid),
    StartTelemetry: command(DevVarStringArray, DevVoid, { inputDescription: "Device list" }),
    StopLogging: command(DevVoid, DevVoid),
    StopPolling: command(DevVoid, DevVoid),
    StopTelemetry: command(DevVarStringArray, DevVoid, { inputDescription: "Device list" }),
    UnLockDevice: command(DevVarLongStringArray, DevLong, {
      inputDescription: "Str[x] = Device name(s). Lg[0] = Force flag",
      outputDescription: "Device global lock counter",
    }),
    UpdObjPollingPeriod: command(DevVarLongStringArray, DevVoid, {
      inputDescription: "Lg[0]=Upd period. Str[0]=Device name. Str[1]=Object type. Str[2]=Object name",
    }),
    ZmqEventSubscriptionChange: command(DevVarStringArray, DevVarLongStringArray, {
      inputDescription:
        'Event consumer wants to subscribe to.\ndevice name, attribute/pipe name, action ("subscribe"), event name, <Tango client IDL version>"\nevent name can take the following values:\n    "change",\n    "alarm",\n    "periodic",\n    "archive",\n    "user_event",\n    "attr_conf",\n    "data_ready",\n    "intr_change",\n    "pipe"\n"info" can also be used as single parameter to retrieve information about the heartbeat and event pub endpoints.',
      outputDescription:
        "Str[0] = Heartbeat pub endpoint - Str[1] = Event pub endpoint\n...\nStr[n] = Alternate Heartbeat pub endpoint - Str[n+1] = Alternate Event pub endpoint\nStr[n+1] = event name used by this server as zmq topic to send events\nStr[n+2] = channel name used by this server to send heartbeat events\nLg[0] = Tango lib release - Lg[1] = Device IDL release\nLg[2] = Subscriber HWM - Lg[3] = Multicast rate\nLg[4] = Multicast IVL - Lg[5] = ZMQ release",
    }),
  },
});
