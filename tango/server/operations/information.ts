// SPDX-License-Identifier: MIT
// What a device says of itself.
import { hostname } from "node:os";
import type { DevInfo_6 } from "../../idl/index.ts";
import type { ServedDevice } from "../device/device.ts";

/** The interface every device is exported with. */
export const IDL_VERSION = 6;

const DEFAULT_DOC_URL = "http://www.tango-controls.org";

export function information(device: ServedDevice): DevInfo_6 {
  const { definition, class: served, server } = device;
  const docUrl = served.record.properties.doc_url?.[0] ?? definition.docUrl ?? DEFAULT_DOC_URL;
  return {
    dev_class: definition.name,
    server_id: server.name,
    server_host: hostname(),
    server_version: IDL_VERSION,
    doc_url: `Doc URL = ${docUrl}`,
    dev_type: definition.name,
    version_info: [
      { key: "bandoneon", value: "0.1.0" },
      { key: "idl", value: String(IDL_VERSION) },
      { key: "node", value: process.versions.node },
    ],
  };
}
