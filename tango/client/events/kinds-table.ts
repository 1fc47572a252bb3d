// SPDX-License-Identifier: MIT
// What each kind of event carries, and what a subscriber is given first, before any event comes.

import type { DevFailed } from "../../errors.ts";
import type { EventLayout, EventMessage, EventName } from "../../events/index.ts";
import { eventData } from "../../events/index.ts";
import type { Blob } from "../../idl/index.ts";
import {
  AttDataReady, AttributeConfig_3, AttributeConfig_5, AttributeValue_3, AttributeValue_4, AttributeValue_5, DevIntrChange,
  DevPipeData, plainBlob,
} from "../../idl/index.ts"; // biome-ignore format: a list
import type { AttributeReading, ReadValue } from "../attribute-reading.ts";
import { milliseconds, readingOf } from "../attribute-reading.ts";
import { callee, invoking } from "../callee.ts";
import type { CallOptions, Live } from "../device-route.ts";
import { invoke } from "../device-route.ts";
import type { CommandInfo } from "../dialect/command-info.ts";
import { commandInfo } from "../dialect/command-info.ts";
import type { AttributeConfig } from "../dialect/config.ts";
import { fromConfig3, fromConfig5 } from "../dialect/config.ts";
import { dialects } from "../dialect/index.ts";
import { fromValue3, fromValue4, fromValue5 } from "../dialect/read.ts";
import { typeName } from "../type-names.ts";

/** What every event says beside its content. */
export interface EventHead {
  readonly event: EventName;
  readonly device: string;
  /** Attribute or pipe; empty for events of the device. */
  readonly name: string;
  /** Milliseconds since the epoch when it came. */
  readonly received: number;
  /** Present instead of the content: the value could not be read, events were missed, the server is gone... */
  readonly error: DevFailed | undefined;
}
/** Kinds of events that carry an attribute's value. */
export type ValueEventName = "change" | "periodic" | "archive" | "user_event" | "alarm" | "quality";
export type AttributeEvent<Value = unknown> = EventHead & AttributeReading<Value>;
export interface ConfigEvent extends EventHead {
  readonly config: AttributeConfig | undefined;
}
export interface DataReadyEvent extends EventHead {
  /** What the server's code counts. */
  readonly counter: number | undefined;
  readonly type: string | undefined;
}
export interface InterfaceEvent extends EventHead {
  /** True when the server has just started. */
  readonly started: boolean;
  readonly commands: readonly CommandInfo[];
  readonly attributes: readonly AttributeConfig[];
}
export interface PipeEvent extends EventHead {
  readonly value: Blob | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface EventKind {
  /** The event of a message. */
  readonly read: (message: EventMessage, layout: EventLayout, head: EventHead) => EventHead;
  /** The content as it is now, asked of the device. */
  readonly initial?: (live: Live, member: string, limits: CallOptions) => Promise<object>;
  /** What stands for the content when there is an error. */
  readonly empty: object;
}

function valueIn(message: EventMessage, layout: EventLayout): ReadValue {
  if (layout === 5) return fromValue5(eventData(AttributeValue_5, message));
  if (layout === 4) return fromValue4(eventData(AttributeValue_4, message));
  return fromValue3(eventData(AttributeValue_3, message));
}

const valueKind: EventKind = {
  // Member by member: thousands come in a second.
  read: (message, layout, { event, device, name, received }): AttributeEvent => {
    const { value, set, quality, time, type, format, error } = readingOf(valueIn(message, layout));
    return { event, device, name, received, error, value, set, quality, time, type, format };
  },
  initial: async (live, member, limits) => {
    const [value] = await dialects[live.version].readAttributes(callee(live, limits), [member]);
    return value ? readingOf(value) : {};
  },
  empty: { value: undefined, set: undefined, quality: "INVALID", time: 0, type: undefined, format: "SCALAR" },
};

export const eventKinds: Readonly<Record<EventName, EventKind>> = {
  change: valueKind,
  quality: valueKind,
  periodic: valueKind,
  archive: valueKind,
  user_event: valueKind,
  alarm: valueKind,
  attr_conf: {
    read: (message, layout, head): ConfigEvent => ({
      ...head,
      config:
        layout === 5
          ? fromConfig5(eventData(AttributeConfig_5, message))
          : fromConfig3(eventData(AttributeConfig_3, message)),
    }),
    initial: async (live, member, limits) => {
      const [config] = await dialects[live.version].readConfigs(invoking(live, limits), [member]);
      return { config };
    },
    empty: { config: undefined },
  },
  data_ready: {
    read: (message, _layout, head): DataReadyEvent => {
      const { ctr, data_type } = eventData(AttDataReady, message);
      return { ...head, counter: ctr, type: typeName(data_type) };
    },
    empty: { counter: undefined, type: undefined },
  },
  intr_change: {
    read: (message, _layout, head): InterfaceEvent => {
      const { dev_started, cmds, atts } = eventData(DevIntrChange, message);
      return { ...head, started: dev_started, commands: cmds.map(commandInfo), attributes: atts.map(fromConfig5) };
    },
    initial: async (live, _member, limits) => {
      const dialect = dialects[live.version];
      const [commands, attributes] = await Promise.all([
        dialect.queryCommands(invoking(live, limits)),
        dialect.readConfigs(invoking(live, limits), ["All attributes_3"]),
      ]);
      return { started: false, commands, attributes };
    },
    empty: { started: false, commands: [], attributes: [] },
  },
  pipe: {
    read: (message, _layout, head): PipeEvent => {
      const { time, data_blob } = eventData(DevPipeData, message, 2);
      return { ...head, value: plainBlob(data_blob), time: milliseconds(time) };
    },
    initial: async (live, member, limits) => {
      const { time, data_blob } = await invoke(live, limits, "read_pipe_5", [member, live.ident]);
      return { value: plainBlob(data_blob), time: milliseconds(time) };
    },
    empty: { value: undefined, time: 0 },
  },
};
