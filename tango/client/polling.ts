// SPDX-License-Identifier: MIT
// What a server polls of a device, and how often.
import { DevFailed } from "../errors.ts";
import { DevString, DevVarLongStringArray, DevVarStringArray } from "../idl/tango-types.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions } from "./device-route.ts";

export type PolledKind = "attribute" | "command";
export interface PolledMember {
  readonly kind: PolledKind;
  readonly name: string;
  /** Milliseconds; 0 when the device's code triggers it. */
  readonly period: number;
  /** The server's own words, one fact a line. */
  readonly text: string;
}

export class DevicePolling {
  readonly #link: DeviceLink;

  constructor(link: DeviceLink) {
    this.#link = link;
  }

  /** Polls a member every `period` milliseconds, also when it was polled at another rate. */
  async start(kind: PolledKind, name: string, period: number, options?: CallOptions): Promise<void> {
    const argument = { lvalue: [period], svalue: [await this.#link.deviceName(options), kind, name] };
    try {
      await this.#link.admin("AddObjPolling", DevVarLongStringArray, argument, options);
    } catch (error) {
      if (!(error instanceof DevFailed) || !error.is("API_AlreadyPolled")) throw error;
      await this.#link.admin("UpdObjPollingPeriod", DevVarLongStringArray, argument, options);
    }
  }

  async stop(kind: PolledKind, name: string, options?: CallOptions): Promise<void> {
    const device = await this.#link.deviceName(options);
    await this.#link.admin("RemObjPolling", DevVarStringArray, [device, kind, name], options);
  }

  async list(options?: CallOptions): Promise<readonly PolledMember[]> {
    const device = await this.#link.deviceName(options);
    const texts = (await this.#link.admin("DevPollStatus", DevString, device, options)) as readonly string[];
    return texts.map(polledMember);
  }
}

/** "Polled attribute name = x", "Polling period (mS) = 100", ... */
function polledMember(text: string): PolledMember {
  const [, kind, name = ""] = /^Polled (attribute|command) name = (.*)$/m.exec(text) ?? [];
  const [, period = "0"] = /^Polling period \(mS\) = (\d+)/m.exec(text) ?? [];
  return { kind: kind === "command" ? "command" : "attribute", name: name.trim(), period: Number(period), text };
}
