// SPDX-License-Identifier: MIT
// A gate in the chain: open while a point counts, closed in between. What is below is triggered by it, not by the program.
import type { Gate } from "../protocols.ts";
import { delay } from "./delay.ts";
import { all, type NodePlan } from "./node.ts";

/** Master of the devices that are gated by it; it has no values of its own. */
export function gate(device: Gate, children: NodePlan[]): NodePlan {
  return {
    name: device.name,
    channels: [],
    children,
    hasMetadata: false,
    open({ exposure, options, failed }) {
      let open = false;
      const close = async () => {
        if (!open) return;
        open = false;
        await device.close();
      };
      const counted = async () => {
        open = true;
        await device.open(options);
        await delay(exposure * 1000, options.signal);
        await close();
      };
      return {
        at: (_, fire) => all([fire() ?? Promise.resolve(), counted()], failed),
        stop: close,
      };
    },
  };
}
