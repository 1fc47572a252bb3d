// SPDX-License-Identifier: MIT
import type { ServedDevice } from "../device/device.ts";
import type { PolledKind } from "./polled.ts";

interface DefaultPolling {
  readonly kind: PolledKind;
  readonly name: string;
  /** Milliseconds. */
  readonly period: number;
}
type Members = Readonly<Record<string, { readonly options: { readonly pollingPeriod?: number } }>>;

const ofKind = (kind: PolledKind, members: Members = {}): DefaultPolling[] =>
  Object.entries(members).map(([name, { options }]) => ({ kind, name, period: options.pollingPeriod ?? 0 }));

/** Polling the class's code asks for. */
export const defaultPolling = ({ definition }: ServedDevice): readonly DefaultPolling[] =>
  [...ofKind("attribute", definition.attributes), ...ofKind("command", definition.commands)].filter(
    ({ period }) => period > 0,
  );
