// SPDX-License-Identifier: MIT
// The events of one device, each kind with what it carries.
import type { DeviceRoute } from "../device-route.ts";
import type { Trl } from "../trl.ts";
import type { AttributeName, ValueIn } from "../typed.ts";
import type { EventHub } from "./hub.ts";
import type {
  AttributeEvent, ConfigEvent, DataReadyEvent, InterfaceEvent, PipeEvent, ValueEventName,
} from "./kinds-table.ts"; // biome-ignore format: a list
import type { EventStream } from "./stream.ts";
import type { EventOptions } from "./subscription.ts";
import { subscribe } from "./subscription.ts";

export interface DeviceEvents<I> {
  <N extends AttributeName<I>>(
    name: N,
    event: ValueEventName,
    options?: EventOptions,
  ): EventStream<AttributeEvent<ValueIn<I, N>>>;
  (name: AttributeName<I>, event: "attr_conf", options?: EventOptions): EventStream<ConfigEvent>;
  (name: AttributeName<I>, event: "data_ready", options?: EventOptions): EventStream<DataReadyEvent>;
  (name: string, event: "pipe", options?: EventOptions): EventStream<PipeEvent>;
  (name: "", event: "intr_change", options?: EventOptions): EventStream<InterfaceEvent>;
}

export interface DeviceEventsParts {
  readonly hub: EventHub;
  readonly trl: Trl;
  readonly route: DeviceRoute;
  /** Milliseconds for a call that says nothing else. */
  readonly timeout: () => number;
  /** Ends every subscription. */
  readonly signal: AbortSignal;
}

export function deviceEvents<I>({ hub, trl, route, timeout, signal }: DeviceEventsParts): DeviceEvents<I> {
  const listen = (
    member: string,
    event: ValueEventName | "attr_conf" | "data_ready" | "pipe" | "intr_change",
    options: EventOptions = {},
  ): EventStream<never> =>
    subscribe(
      hub,
      { trl, route, member, event, timeout: options.timeout ?? timeout() },
      { ...options, signal: options.signal ? AbortSignal.any([signal, options.signal]) : signal },
    );
  return listen as DeviceEvents<I>;
}
