// SPDX-License-Identifier: MIT
// What a file has of a scan already. A writer that was killed left the entry without its end; the next one continues it.
// An entry of another scan is never touched.
import { Hdf5Error, type Hdf5File, type Operation } from "../hdf5/port.ts";
import { asDataset, type GroupMap, type H5Item, isGroup } from "./h5map.ts";
import { type MappedStream, planMap } from "./map-operations.ts";

/**
 * Whether the entries of the map are new in the file or were begun for this very scan.
 * @throws Hdf5Error "exists" when one belongs to another scan, or is finished.
 */
export async function claimEntries(file: Hdf5File, map: GroupMap): Promise<"new" | "resume"> {
  let claim: "new" | "resume" = "new";
  const root = await file.look("/");
  const present = new Set(root?.kind === "group" ? root.members : []);
  for (const [name, item] of Object.entries(map.children ?? {})) {
    if (!present.has(name)) continue;
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

/** Of a continued entry, only what is not there yet. */
export async function missing(
  file: Hdf5File,
  claim: "new" | "resume",
  operations: readonly Operation[],
): Promise<Operation[]> {
  if (claim === "new") return [...operations];
  const absent: Operation[] = [];
  for (const operation of operations)
    if (operation.do === "group" || !(await file.look(operation.path))) absent.push(operation);
  return absent;
}

const statusPath = /^\/[^/]+\/writer\/status$/;

/** A map whose entries say that they are being written, also when the scan has ended before its file is begun. */
export function begun(map: GroupMap): GroupMap {
  const entry = (item: H5Item): H5Item => {
    const writer = isGroup(item) ? item.children?.writer : undefined;
    if (!isGroup(item) || !isGroup(writer) || writer.children?.status === undefined) return item;
    const running = { ...writer, children: { ...writer.children, status: "RUNNING" } };
    return { ...item, children: { ...item.children, writer: running } };
  };
  const children = Object.entries(map.children ?? {}).map(([name, item]) => [name, entry(item)] as const);
  return map.children ? { ...map, children: Object.fromEntries(children) } : map;
}

/** The status comes last: an entry that says it is finished is. */
export const statusLast = (operations: readonly Operation[]): Operation[] => {
  const isStatus = ({ path }: Operation) => statusPath.test(path);
  return [...operations.filter((one) => !isStatus(one)), ...operations.filter(isStatus)];
};

/** What makes the fixed content of a file that of the map, whatever a killed writer left of it. */
export async function rewriting(file: Hdf5File, map: GroupMap): Promise<Operation[]> {
  const plan = planMap(map);
  const operations: Operation[] = [];
  for (const operation of plan.operations) {
    const there = operation.do === "group" ? undefined : await file.look(operation.path);
    if (!there) operations.push(operation);
    else if (operation.do === "dataset") {
      const { path, value, attributes } = operation;
      const same =
        there.kind === "dataset" && there.dtype === value.dtype && String(there.shape) === String(value.shape);
      if (same) operations.push({ do: "replace", path, value });
      else operations.push({ do: "remove", path }, operation);
      if (same && attributes) operations.push({ do: "attributes", path, attributes });
    }
  }
  for (const { path, attributes } of plan.streams)
    if ((await file.look(path))?.kind === "dataset") operations.push({ do: "attributes", path, attributes });
  return operations;
}
