// SPDX-License-Identifier: MIT
// What a device says of itself.
import type { DevInfo, DevInfo_3, DevInfo_6 } from "../../idl/index.ts";
import type { Invoke } from "./invoke.ts";

export interface DeviceDescription {
  readonly class: string;
  /** Server/instance. */
  readonly server: string;
  readonly host: string;
  /** The newest IDL version the server's library knows. */
  readonly serverVersion: number;
  readonly docUrl: string;
  /** "Uninitialised" unless the class says more. */
  readonly type: string;
  /** Versions of what the server is made of, by name (IDL 6). */
  readonly versions: Readonly<Record<string, string>>;
}
export type DescribeDevice = (invoke: Invoke) => Promise<DeviceDescription>;

export const describeDevice: Readonly<Record<number, DescribeDevice>> = {
  1: async (invoke) => description(await invoke("info", [])),
  3: async (invoke) => description(await invoke("info_3", [])),
  6: async (invoke) => description(await invoke("info_6", [])),
};

const description = (info: DevInfo | DevInfo_3 | DevInfo_6): DeviceDescription => ({
  class: info.dev_class,
  server: info.server_id,
  host: info.server_host,
  serverVersion: info.server_version,
  docUrl: info.doc_url,
  type: "dev_type" in info ? info.dev_type : "Uninitialised",
  versions: "version_info" in info ? Object.fromEntries(info.version_info.map(({ key, value }) => [key, value])) : {},
});
