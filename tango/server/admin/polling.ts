// SPDX-License-Identifier: MIT
// Polling, as the admin device starts, stops and tells it.
import { devFailed } from "../../errors.ts";
import type { LongStrings } from "../../idl/tango-types.ts";
import type { Acceptable } from "../../interface.ts";
import type { ServedCall } from "../call.ts";
import type { ServedDevice } from "../device/device.ts";
import { ForwardedAttribute } from "../forwarded/attribute.ts";
import { commandOf } from "../operations/commands.ts";
import { attributeNotFound } from "../operations/read.ts";
import type { PolledKind } from "../polling/polled.ts";
import { pollStatus } from "../polling/status.ts";
import type { Call } from "../types.ts";
import { checkUnlocked, deviceOf } from "./found.ts";
import type { AdminHost } from "./host.ts";

type Words = Acceptable<LongStrings>;

interface Asked {
  readonly device: ServedDevice;
  readonly kind: PolledKind;
  /** In the device's spelling. */
  readonly name: string;
}

const wrongNumber = (origin: string) =>
  devFailed("API_WrongNumberOfArgs", "Incorrect number of inout arguments", `DServer::${origin}`);

function asked(host: AdminHost, [deviceName, type, name]: readonly string[], call: Call, origin: string): Asked {
  const device = deviceOf(host, deviceName ?? "", `DServer::${origin}`);
  checkUnlocked(device, (call as ServedCall).identity, `DServer::${origin}`);
  const kind = type?.toLowerCase();
  if (kind !== "attribute" && kind !== "command") {
    throw devFailed("API_NotSupported", `Object type ${type} not supported`, `DServer::${origin}`);
  }
  return { device, kind, name: name ?? "" };
}

function pollable({ device, kind, name }: Asked): string {
  if (kind === "attribute") {
    const attribute = device.attribute(name);
    if (!attribute) throw attributeNotFound(name);
    if (attribute instanceof ForwardedAttribute) throw rootIsPolled(attribute);
    return attribute.name;
  }
  const command = commandOf(device, name, "DeviceImpl::check_command_exists");
  if (command.definition.input.code !== 0) {
    const problem = `Command ${command.key} cannot be polled because it needs input value`;
    throw devFailed("API_IncompatibleCmdArgumentType", problem, "DeviceImpl::check_command_exists");
  }
  return command.name;
}

const rootIsPolled = ({ name, root }: ForwardedAttribute) => {
  const problem = `Attribute ${name} is a forwarded attribute.\nIt's not supported to poll a forwarded attribute.\nPolling has to be done on the root attribute (${root.text})`;
  return devFailed("API_NotSupportedFeature", problem, "DServer::add_obj_polling");
};

/** What is polled stays so at the next start. */
export async function storePolling(host: AdminHost, device: ServedDevice): Promise<void> {
  const rows = Object.entries(device.polling.properties);
  const [gone, kept] = [
    rows.filter(([, values]) => values.length === 0),
    rows.filter(([, values]) => values.length > 0),
  ];
  if (kept.length > 0) await host.database.putDeviceProperties(device.name, Object.fromEntries(kept));
  if (gone.length > 0)
    await host.database.deleteDeviceProperties(
      device.name,
      gone.map(([name]) => name),
    );
  const polled = host.devices.filter(({ polling }) => polling.objects.length > 0).map((one) => one.key);
  await host.database.putDeviceProperties(host.admin.name, {
    polling_threads_pool_conf: threads(polled, poolSize(host)),
  });
}

const poolSize = (host: AdminHost) =>
  Math.max(1, Number(host.admin.record.properties.polling_threads_pool_size?.[0] ?? 1));

const leastOf = (lines: readonly string[][]) => Math.min(...lines.map(({ length }) => length));

/** One line a thread of cppTango, devices by comma: of no use here, but other tools show it. */
function threads(devices: readonly string[], size: number): string[] {
  const lines: string[][] = [];
  for (const device of devices) {
    // A new thread as long as there may be one, then the one with the least to do, the newest of several.
    const idle = lines.length < size ? undefined : lines.findLast(({ length }) => length === leastOf(lines));
    if (idle) idle.push(device);
    else lines.push([device]);
  }
  return lines.map((line) => line.join(","));
}

export const pollingCommands = (host: AdminHost) => ({
  AddObjPolling: async ({ lvalue, svalue }: Words, call: Call) => {
    if (lvalue.length !== 1 || svalue.length !== 3) throw wrongNumber("add_obj_polling");
    const object = asked(host, svalue, call, "add_obj_polling");
    const name = pollable(object);
    object.device.polling.add(object.kind, name, lvalue[0] ?? 0);
    host.poller.follow(object.device);
    await storePolling(host, object.device);
  },
  UpdObjPollingPeriod: async ({ lvalue, svalue }: Words, call: Call) => {
    if (lvalue.length !== 1 || svalue.length !== 3) throw wrongNumber("upd_obj_polling_period");
    const { device, kind, name } = asked(host, svalue, call, "upd_obj_polling_period");
    const polled = device.polling.get(kind, name);
    device.polling.checkPeriod(kind, polled.name, lvalue[0] ?? 0);
    polled.period = lvalue[0] ?? 0;
    host.poller.follow(device);
    await storePolling(host, device);
  },
  RemObjPolling: async (svalue: readonly string[], call: Call) => {
    if (svalue.length !== 3) throw wrongNumber("rem_obj_polling");
    const { device, kind, name } = asked(host, svalue, call, "rem_obj_polling");
    device.polling.remove(device.polling.get(kind, name));
    host.poller.follow(device);
    await storePolling(host, device);
  },
  PolledDevice: () => host.devices.filter(({ polling }) => polling.objects.length > 0).map(({ name }) => name),
  DevPollStatus: (name: string) => pollStatus(deviceOf(host, name, "DServer::dev_poll_status").polling),
  StartPolling: () => host.poller.turn(true),
  StopPolling: () => host.poller.turn(false),
});
