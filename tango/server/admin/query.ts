// SPDX-License-Identifier: MIT
// What is in the server.
import { devFailed } from "../../errors.ts";
import type { PropertyDefinition } from "../../interface.ts";
import { defaultText } from "../device/properties.ts";
import type { AdminHost } from "./host.ts";

export const queryCommands = (host: AdminHost) => ({
  QueryClass: () => host.classes.map(({ definition }) => definition.name),
  QueryDevice: () => host.devices.map((device) => `${device.className}::${device.name}`),
  QuerySubDevice: () => host.devices.flatMap((device) => device.subDevices.map((sub) => `${device.name} ${sub}`)),
  QueryWizardClassProperty: (name: string) =>
    wizard(host, name, "query_class_prop", (definition) => definition.classProperties),
  QueryWizardDevProperty: (name: string) => wizard(host, name, "query_dev_prop", (definition) => definition.properties),
});

type Declared = Readonly<Record<string, PropertyDefinition>> | undefined;

/** Triples: name, description, default. */
function wizard(
  host: AdminHost,
  name: string,
  origin: string,
  declared: (definition: AdminHost["classes"][number]["definition"]) => Declared,
): string[] {
  const found = host.classes.find(({ definition }) => definition.name.toLowerCase() === name.toLowerCase());
  if (!found) throw devFailed("API_ClassNotFound", `Class ${name} not found in device server`, `DServer::${origin}`);
  const properties = Object.entries(declared(found.definition) ?? {});
  return properties.flatMap(([property, definition]) => [property, definition.description, defaultText(definition)]);
}
