// SPDX-License-Identifier: MIT
// The recorded messages of this folder: real cppTango, PyTango and JacORB clients and servers, hand-made odd requests.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Vector {
  /** "file case number", to find it again. */
  readonly name: string;
  readonly version: string;
  readonly kind: string;
  readonly operation: string;
  readonly id: number;
  readonly status: string;
  readonly bytes: Uint8Array;
}

export function giopVectors(): readonly Vector[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".txt"));
  return files.sort().flatMap((file) =>
    readFileSync(join(import.meta.dirname, file), "utf8")
      .trim()
      .split("\n")
      .map((line, index) => {
        const [situation = "", version = "", kind = "", operation = "", id, status = "", data = ""] = line.split("\t");
        const bytes = new Uint8Array(Buffer.from(data, "base64"));
        return { name: `${file}:${index + 1} ${situation}`, version, kind, operation, id: Number(id), status, bytes };
      }),
  );
}
