// SPDX-License-Identifier: MIT
// What a device's attributes are set up to be, read and changed.
import { invoking } from "./callee.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions } from "./device-route.ts";
import type { AttributeConfig } from "./dialect/config.ts";
import { dialects } from "./dialect/index.ts";
import { deeds } from "./failures.ts";

/** Of these attributes, of all when no names are given. */
export const readConfigs = (
  link: DeviceLink,
  names: readonly string[],
  options?: CallOptions,
): Promise<readonly AttributeConfig[]> =>
  link.run(deeds.plain("get_attribute_config"), options, (live, limits) => {
    const wanted = names.length > 0 ? names : [live.version >= 3 ? "All attributes_3" : "All attributes"];
    return dialects[live.version].readConfigs(invoking(live, limits), wanted);
  });

/** @throws DevFailed when the device does not take it. */
export async function writeConfig(link: DeviceLink, config: AttributeConfig, options?: CallOptions): Promise<void> {
  await link.run(deeds.configure("set_attribute_config"), options, (live, limits) =>
    dialects[live.version].writeConfigs(invoking(live, limits), live.ident, [config]),
  );
  link.members.forget();
}
