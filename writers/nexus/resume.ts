// SPDX-License-Identifier: MIT
// What a file has of a scan already. A writer that was killed left the entry without its end; the next one continues it.
// An entry of another scan is never touched.
import { Hdf5Error, type Hdf5File } from "../hdf5/port.ts";
import { asDataset, type GroupMap, isGroup } from "./h5map.ts";
import type { MappedStream } from "./map-operations.ts";

/**
 * Whether the entries of the map are new in the file or were begun for this very scan.
 * @throws Hdf5Error "exists" when one belongs to another scan, or is finished.
 */
export async function claimEntries(file: Hdf5File, map: GroupMap): Promise<"new" | "resume"> {
  let claim: "new" | "resume" = "new";
  for (const [name, item] of Object.entries(map.children ?? {})) {
    const there = await file.look(`/${name}`);
    if (!there) continue;
    if (there.kind === "group" && isGroup(item) && (await sameStart(file, name, item))) {
      if (await isFinished(file, name)) throw new FinishedError(file.path, name);
      claim = "resume";
    } else if (there.kind === "externalLink") claim = "resume";
    else
      throw new Hdf5Error(
        "exists",
        file.path,
        `${file.path} has an entry ${name} of another scan; it is left as it is. Choose another scan number or file`,
      );
  }
  return claim;
}

/** The scan is in the file, complete. */
export class FinishedError extends Hdf5Error {
  constructor(file: string, entry: string) {
    super("exists", file, `${file} has the scan ${entry} already, complete`);
  }
}

const textAt = async (file: Hdf5File, path: string): Promise<string | undefined> => {
  const node = await file.look(path);
  if (node?.kind !== "dataset" || node.dtype !== "string") return undefined;
  const { data } = await file.read(path);
  return Array.isArray(data) ? data[0] : undefined;
};

async function sameStart(file: Hdf5File, name: string, item: GroupMap): Promise<boolean> {
  for (const key of ["start_time", "title"]) {
    const child = item.children?.[key];
    const expected = child === undefined ? undefined : asDataset(child).value;
    const actual = await textAt(file, `/${name}/${key}`);
    // The process may have died before it wrote this.
    if (actual !== undefined && actual !== expected) return false;
  }
  return true;
}
const isFinished = async (file: Hdf5File, name: string): Promise<boolean> => {
  const status = await textAt(file, `/${name}/writer/status`);
  return status !== undefined && status !== "RUNNING" && status !== "STARTING";
};

/** Rows that each dataset of a continued entry has; datasets that are not there are absent. */
export async function presentRows(file: Hdf5File, streams: readonly MappedStream[]): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  for (const { path } of streams) {
    const node = await file.look(path);
    if (node?.kind === "dataset") rows.set(path, node.shape[0] ?? 0);
  }
  return rows;
}
