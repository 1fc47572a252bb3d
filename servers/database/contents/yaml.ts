// SPDX-License-Identifier: MIT
// Database contents as YAML, for people to write and keep under version control:
//   servers:
//     SimulatedMotor/demo:
//       starter: { host: lab1, level: 1 }
//       devices:
//         id00/motor/roby: { class: SimulatedMotor, alias: roby, properties: { Axis: 1 } }
import { isMap, isNode, LineCounter, parseDocument, stringify } from "yaml";
import { z } from "zod";
import { type Contents, FormatError } from "./contents.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const values = z.union([scalar.transform((value) => [value]), z.array(scalar)]);
const properties = z.record(z.string(), values).default({});
const members = z.record(z.string(), z.record(z.string(), values)).default({});
const owner = { properties, attributes: members, pipes: members };
const deviceName = z.string().regex(/^[^/*]+\/[^/*]+\/[^/*]+$/, "a device is named domain/family/member");
const serverName = z.string().regex(/^[^/*]+\/[^/*]+$/, "a server is named Server/instance");
const file = z.strictObject({
  servers: z
    .record(
      serverName,
      z.strictObject({
        starter: z
          .strictObject({
            host: z.string().default(""),
            controlled: z.boolean().default(true),
            level: z.number().int().min(0).default(0),
          })
          .optional(),
        devices: z.record(deviceName, z.strictObject({ class: z.string(), alias: z.string().optional(), ...owner })),
      }),
    )
    .default({}),
  classes: z.record(z.string(), z.strictObject(owner)).default({}),
  objects: z.record(z.string(), properties).default({}),
});

/** @throws FormatError with line, column and what was expected. */
export function parseYaml(text: string, name: string): Contents {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const at = (offset: number | undefined) => {
    const { line, col } = counter.linePos(offset ?? 0);
    return `${name}:${line}:${col}`;
  };
  const [error] = document.errors;
  if (error) throw new FormatError(`${at(error.pos[0])}: ${error.message.split("\n")[0]}`);
  const parsed = file.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data as Contents;
  const issues = parsed.error.issues.map((issue) => {
    const keys = issue.path.map(String);
    // A key of the wrong form says why inside.
    const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
    return `${at(offsetOf(document.contents, keys))}: ${keys.join(" > ") || "the file"}: ${message}`;
  });
  throw new FormatError(issues.join("\n"));
}

/** Where in the text the key a path ends with, or the closest there is of it, begins. */
function offsetOf(node: unknown, [key, ...rest]: readonly string[]): number | undefined {
  if (key === undefined || !isMap(node)) return undefined;
  const pair = node.items.find((item) => String(item.key) === key);
  if (!pair) return node.range?.[0];
  return offsetOf(pair.value, rest) ?? (isNode(pair.key) ? pair.key.range?.[0] : undefined);
}

/** One value alone is written without brackets; nothing empty is written. */
export function formatYaml({ servers, classes, objects }: Contents): string {
  const plain = (tree: object): object | undefined => {
    const entries = Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
      if (Array.isArray(value)) return [[key, value.length === 1 ? value[0] : value]];
      if (typeof value !== "object" || value === null) return value === undefined ? [] : [[key, value]];
      const inner = plain(value);
      return inner ? [[key, inner]] : [];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  return stringify(plain({ servers, classes, objects }) ?? {}, { lineWidth: 120 });
}
