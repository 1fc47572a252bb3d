// SPDX-License-Identifier: MIT
// The parts of a scan document that decide the file layout, read with care: documents come from other programs too.
import type { ScanInfo } from "../../scanning/index.ts";

export type Dict = Readonly<Record<string, unknown>>;

export const dict = (value: unknown): Dict =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Dict) : {};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const string = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
/** A number, also where the document says with a type that it is a float. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const typed = dict(value);
  return typed.type === "inline" && typeof typed.value === "number" ? typed.value : undefined;
}
const strings = (value: unknown): readonly string[] => list(value).filter((item) => typeof item === "string");

/** One top master of the acquisition chain: it makes one entry of the file. */
export interface ChainPart {
  readonly name: string;
  /** Its device, key in `devices`. */
  readonly topMaster: string | undefined;
  /** Full names, in document order. */
  readonly channels: readonly string[];
}
/** The parts, in the order of their entries: by name. A scan without a chain has one part with all its channels. */
export function chainParts(info: ScanInfo): readonly ChainPart[] {
  const chain = dict(info.acquisition_chain);
  const parts = Object.keys(chain)
    .sort()
    .map((name): ChainPart => {
      const part = dict(chain[name]);
      const channels = [dict(part.master), part].flatMap((at) =>
        ["scalars", "spectra", "images"].flatMap((kind) => strings(at[kind])),
      );
      return { name, topMaster: string(part.top_master), channels: [...new Set(channels)] };
    });
  if (parts.length) return parts;
  return [{ name: "", topMaster: undefined, channels: Object.keys(dict(info.channels)) }];
}

/** What `nexuswriter.devices` says of a channel. */
export interface ChannelDevice {
  readonly deviceType: string | undefined;
  readonly dataType: string | undefined;
  readonly info: Dict;
}
export function channelDevice(info: ScanInfo, fullname: string): ChannelDevice {
  const described = dict(dict(dict(info.nexuswriter).devices)[fullname]);
  const device = dict(dict(info.devices)[string(channelInfo(info, fullname).device) ?? ""]);
  return {
    deviceType: string(described.device_type) ?? string(device.type),
    dataType: string(described.data_type),
    info: dict(described.device_info),
  };
}
export const channelInfo = (info: ScanInfo, fullname: string): Dict => dict(dict(info.channels)[fullname]);
export const deviceMetadata = (info: ScanInfo, device: string | undefined): Dict =>
  dict(dict(dict(info.devices)[device ?? ""]).metadata);
