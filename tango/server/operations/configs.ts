// SPDX-License-Identifier: MIT
// Getting and setting the configuration of attributes and pipes.
import { DevFailed, devFailed } from "../../errors.ts";
import type { AttributeConfig, AttributeConfig_3, AttributeConfig_5, PipeConfig } from "../../idl/index.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";
import { newConfig } from "../attribute/old-configs.ts";
import type { StoredChange } from "../attribute/settings.ts";
import type { ServedDevice } from "../device/device.ts";
import { ForwardedAttribute } from "../forwarded/attribute.ts";
import { attributeNotFound, expanded } from "./read.ts";

export function attributeConfigs(device: ServedDevice, names: readonly string[]): AttributeConfig_5[] {
  return expanded(device, names).map((name) => {
    const attribute = device.attribute(name);
    if (!attribute) throw attributeNotFound(name);
    return attribute.config;
  });
}

/** Applies several configurations in order; the first failure ends it, what came before stays. */
export async function setAttributeConfigs(
  device: ServedDevice,
  configs: readonly (AttributeConfig | AttributeConfig_3 | AttributeConfig_5)[],
): Promise<void> {
  for (const [index, config] of configs.entries()) {
    try {
      await setAttributeConfig(device, config);
    } catch (error) {
      if (index === 0 || !(error instanceof DevFailed)) throw error;
      const [first, ...rest] = error.errors;
      if (!first) throw error;
      const reason = `${first.reason}\nAll previous attribute(s) have been successfully updated`;
      throw new DevFailed([{ ...first, reason }, ...rest], { cause: error });
    }
  }
}

const isComplete = (config: AttributeConfig | AttributeConfig_3 | AttributeConfig_5): config is AttributeConfig_5 =>
  "root_attr_name" in config;

async function setAttributeConfig(
  device: ServedDevice,
  sent: AttributeConfig | AttributeConfig_3 | AttributeConfig_5,
): Promise<void> {
  const attribute = device.attribute(sent.name);
  if (!attribute) throw attributeNotFound(sent.name);
  const config = isComplete(sent) ? sent : newConfig(sent, attribute.config);
  const { put, remove } = await changed(attribute, config);
  attribute.configChanged();
  const { database } = device.server;
  if (remove.length > 0) await database.deleteAttributeProperties(device.name, attribute.name, remove);
  if (Object.keys(put).length > 0) await database.putAttributeProperties(device.name, attribute.name, put);
  sendConfig(device, attribute);
}

async function changed(attribute: ServedAttribute, config: AttributeConfig_5): Promise<StoredChange> {
  if (!(attribute instanceof ForwardedAttribute))
    return attribute.settings.change(config, attribute.config, attribute.setValue.elements[0]);
  const before = attribute.label;
  const label = await attribute.configure(config);
  if (attribute.label === before) return { put: {}, remove: [] };
  return label === undefined ? { put: {}, remove: ["label"] } : { put: { label: [label] }, remove: [] };
}

export function sendConfig(device: ServedDevice, attribute: ServedAttribute): void {
  const channel = device.server.events.channel(device.key, attribute.key, "attr_conf");
  if (channel) device.server.events.sendConfig(channel, attribute.config);
}

export const pipeNotFound = (name: string) =>
  devFailed("API_PipeNotFound", `${name} pipe not found`, "DeviceClass::get_pipe_by_name");

export function pipeConfigs(device: ServedDevice, names: readonly string[]): PipeConfig[] {
  const isAll = names.length === 1 && /^all pipes$/i.test(names[0] ?? "");
  if (isAll) return [...device.pipes.values()].map(({ config }) => config);
  return names.map((name) => {
    const pipe = device.pipes.get(name.toLowerCase());
    if (!pipe) throw pipeNotFound(name);
    return pipe.config;
  });
}

export async function setPipeConfigs(device: ServedDevice, configs: readonly PipeConfig[]): Promise<void> {
  const { database } = device.server;
  for (const config of configs) {
    const pipe = device.pipes.get(config.name.toLowerCase());
    if (!pipe) throw pipeNotFound(config.name);
    const { put, remove } = pipe.configure(config);
    if (remove.length > 0) await database.deletePipeProperties(device.name, pipe.name, remove);
    if (Object.keys(put).length > 0) await database.putPipeProperties(device.name, pipe.name, put);
  }
}
