// SPDX-License-Identifier: MIT
// The scan document and the names of keys, as blissdata 2.4 has them (its redis_engine: ScanModel, StreamModel).
import type { Encoding } from "./encoding.ts";
import { parseJson, toDocumentJson } from "./json.ts";

export const keys = {
  protocol: "_PROTOCOL_VERSION_",
  history: "_SCAN_HISTORY_",
  memoryTracking: "_MEMORY_TRACKING_",
  index: "esrf:scan:index",
  scan: (pk: string) => `esrf:scan:${pk}`,
  stream: (pk: string) => `esrf:stream:${pk}`,
} as const;

/** Version of the layout of keys. */
export const protocolVersion = 1;

/** States of a scan in their order; the state stream holds the position. */
export const scanStates = ["CREATED", "PREPARED", "STARTED", "STOPPED", "CLOSED"] as const;
export type ScanState = (typeof scanStates)[number];
export const stateNumber = (state: ScanState): number => scanStates.indexOf(state);

/** Who a scan is. `data_policy` "ESRF": session, proposal, collection and dataset are given. */
export interface ScanIdentity {
  readonly name: string;
  readonly number: number;
  readonly data_policy: string;
  readonly session?: string | null;
  readonly proposal?: string | null;
  readonly collection?: string | null;
  readonly dataset?: string | null;
  /** File the scan is saved in. */
  readonly path?: string | null;
}
export const identityFields = [
  "name",
  "number",
  "data_policy",
  "session",
  "proposal",
  "collection",
  "dataset",
  "path",
] as const;

export type Info = Readonly<Record<string, unknown>>;
export interface StreamDocument {
  readonly pk: string;
  readonly encoding: Encoding | null;
  readonly info: Info | null;
}
export interface ScanDocument {
  readonly pk: string;
  readonly id: ScanIdentity & { readonly pk: string };
  readonly info: Info;
  readonly state_stream: StreamDocument;
  readonly data_streams: Readonly<Record<string, StreamDocument>>;
}

/** Longest `info`, in characters of its JSON. */
const maxInfo = 2 ** 20;

/** @throws RangeError when `info` is too long for readers */
export function documentText(document: ScanDocument): string {
  const info = toDocumentJson(document.info);
  if (info.length > maxInfo)
    throw new RangeError(
      `info of scan ${document.id.number} "${document.id.name}" is ${info.length} characters of JSON, ` +
        `blissdata allows ${maxInfo} (${largest(document.info)}): publish large data as streams`,
    );
  return toDocumentJson(document);
}

function largest(info: Info): string {
  const sizes = Object.entries(info).map(
    ([key, value]) => [key, value === undefined ? 0 : toDocumentJson(value).length] as const,
  );
  const [key, size] = sizes.sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  return `"${key}" alone is ${size}`;
}

/** @throws TypeError naming what is missing */
export function parseDocument(key: string, text: string): ScanDocument {
  const value = parseJson(text) as Partial<ScanDocument> | null;
  const wrong = (what: string) => new TypeError(`${key} is no scan document: ${what}`);
  if (typeof value !== "object" || value === null) throw wrong("not an object");
  const { pk, id, info, state_stream: state, data_streams: streams } = value;
  if (typeof pk !== "string") throw wrong("no pk");
  if (typeof id?.name !== "string" || typeof id.number !== "number") throw wrong("no id with a name and a number");
  if (typeof info !== "object" || info === null) throw wrong("no info");
  if (typeof state?.pk !== "string") throw wrong("no state_stream");
  if (typeof streams !== "object" || streams === null) throw wrong("no data_streams");
  return { pk, id, info, state_stream: streamDocument(state), data_streams: mapValues(streams, streamDocument) };
}

/** Older publishers wrote "" where there is nothing. */
const streamDocument = ({ pk, encoding, info }: StreamDocument): StreamDocument => ({
  pk,
  encoding: typeof encoding === "object" ? encoding : null,
  info: typeof info === "object" ? info : null,
});

const mapValues = <T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
