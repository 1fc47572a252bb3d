// SPDX-License-Identifier: MIT
// The JSON form of dsconfig: servers -> server -> instance -> class -> device, and classes.
import { z } from "zod";
import {
  type ClassContents,
  type Contents,
  type DeviceContents,
  FormatError,
  type MemberProperties,
} from "./contents.ts";

const values = z.record(z.string(), z.array(z.coerce.string()));
const members = z.record(z.string(), values);
const about = { properties: values.default({}), attribute_properties: members.default({}) };
const device = z.strictObject({ ...about, alias: z.string().optional() });
const instance = z.record(z.string(), z.record(z.string(), device));
const file = z.looseObject({
  servers: z.record(z.string(), z.record(z.string(), instance)).default({}),
  classes: z.record(z.string(), z.strictObject(about)).default({}),
});

/** @throws FormatError with the path of the entry that is not as it should be. */
export function parseDsconfig(text: string, name: string): Contents {
  const parsed = file.safeParse(json(text, name));
  if (!parsed.success) throw new FormatError(`${name}: ${z.prettifyError(parsed.error)}`);
  const servers: Record<string, Contents["servers"][string]> = {};
  for (const [server, instances] of Object.entries(parsed.data.servers))
    for (const [instanceName, classes] of Object.entries(instances)) {
      const devices: Record<string, DeviceContents> = {};
      for (const [deviceClass, entries] of Object.entries(classes))
        for (const [deviceName, entry] of Object.entries(entries))
          devices[deviceName] = {
            class: deviceClass,
            ...(entry.alias === undefined ? {} : { alias: entry.alias }),
            properties: entry.properties,
            attributes: entry.attribute_properties,
            pipes: {},
          };
      servers[`${server}/${instanceName}`] = { devices };
    }
  const classes: Record<string, ClassContents> = {};
  for (const [deviceClass, entry] of Object.entries(parsed.data.classes))
    classes[deviceClass] = { properties: entry.properties, attributes: entry.attribute_properties, pipes: {} };
  return { servers, classes, objects: {} };
}

function json(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** What the form has no place for (pipes, Starter levels, free objects) is left out. */
export function formatDsconfig({ servers, classes }: Contents): string {
  const tree: Record<string, Record<string, Record<string, Record<string, object>>>> = {};
  for (const [server, { devices }] of Object.entries(servers)) {
    const [executable = "", instanceName = ""] = server.split("/");
    const byClass = ((tree[executable] ??= {})[instanceName] ??= {});
    for (const [name, { class: deviceClass, alias, properties, attributes }] of Object.entries(devices))
      (byClass[deviceClass] ??= {})[name] = {
        ...(alias === undefined ? {} : { alias }),
        ...entry(properties, attributes),
      };
  }
  const written = Object.entries(classes).map(([name, { properties, attributes }]) => [
    name,
    entry(properties, attributes),
  ]);
  return `${JSON.stringify({ servers: tree, classes: Object.fromEntries(written) }, null, 2)}\n`;
}

const entry = (properties: object, attributes: MemberProperties) => ({
  ...(Object.keys(properties).length > 0 ? { properties } : {}),
  ...(Object.keys(attributes).length > 0 ? { attribute_properties: attributes } : {}),
});
