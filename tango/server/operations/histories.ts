// SPDX-License-Identifier: MIT
// Histories of what is polled.
import type { ServedAttribute } from "../attribute/attribute.ts";
import type { ServedCommand } from "../command.ts";
import type { ServedDevice } from "../device/device.ts";
import { ForwardedAttribute } from "../forwarded/attribute.ts";
import { newest } from "../polling/history.ts";
import type { PollRecord } from "../polling/polled.ts";
import type { Awaitable } from "../types.ts";
import { commandOf } from "./commands.ts";
import { attributeNotFound, notPolled } from "./read.ts";

export interface AttributeRecords {
  readonly attribute: ServedAttribute;
  /** Oldest first. */
  readonly records: readonly PollRecord[];
}

export function attributeRecords(device: ServedDevice, name: string, count: number): Awaitable<AttributeRecords> {
  const attribute = device.attribute(name);
  if (!attribute) throw attributeNotFound(name);
  if (attribute instanceof ForwardedAttribute)
    return attribute.history(count).then((records) => ({ attribute, records }));
  const object = device.polling.find("attribute", name) ?? standardPolled(device, attribute.key, "command");
  if (!object) throw notPolled("Attribute", name);
  return { attribute, records: newest(object, count) };
}

export function commandRecords(
  device: ServedDevice,
  name: string,
  count: number,
): { readonly command: ServedCommand; readonly records: readonly PollRecord[] } {
  const command = commandOf(device, name);
  const object = device.polling.find("command", name) ?? standardPolled(device, command.key, "attribute");
  if (!object) throw notPolled("Command", command.key);
  return { command, records: newest(object, count) };
}

/** State and Status may be polled under the other name. */
const standardPolled = (device: ServedDevice, key: string, kind: "attribute" | "command") =>
  key === "state" || key === "status" ? device.polling.find(kind, key) : undefined;
