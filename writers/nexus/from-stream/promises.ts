// SPDX-License-Identifier: MIT
// What a writer has promised to write, kept beside the scans: after a kill the next one of the same name keeps the promises.
import type { Connection } from "../../stream/connection.ts";

export interface Promised {
  /** Keys of scans whose files are not complete, oldest first. */
  readonly scans: readonly string[];
  /** Every scan up to this moment was looked at; undefined for a writer that never listened. */
  readonly timetag?: string | undefined;
}

const keyOf = (writer: string): string => `bandoneon:writer:${writer}`;

/** Of the writer of that name. */
export async function readPromises(connection: Connection, writer: string): Promise<Promised> {
  const text = await connection.call(["GET", keyOf(writer)]);
  if (text === null) return { scans: [] };
  const { scans, timetag } = JSON.parse(String(text)) as { scans?: unknown; timetag?: unknown };
  return {
    scans: Array.isArray(scans) ? scans.map(String) : [],
    timetag: typeof timetag === "string" ? timetag : undefined,
  };
}

export async function keepPromises(connection: Connection, writer: string, promised: Promised): Promise<void> {
  await connection.call(["SET", keyOf(writer), JSON.stringify(promised)]);
}
