// SPDX-License-Identifier: MIT
// What was wrong with a value, in words: what was expected, what is there, and the nearest word that would do.
import { z } from "zod";
import { nearest } from "../scanning/index.ts";

type Step = PropertyKey;
export interface Complaint {
  readonly path: readonly Step[];
  /** The key itself is meant, not its value. */
  readonly key: boolean;
  readonly message: string;
}

/** One complaint a wrong word. `contents` is what was checked. */
export function complaints(schema: z.ZodType, contents: unknown, issues: readonly z.core.$ZodIssue[]): Complaint[] {
  return issues.flatMap((issue): Complaint[] => {
    const { path } = issue;
    if (issue.code === "unrecognized_keys") {
      const known = keysAt(schema, path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        key: true,
        message: `unknown word "${key}"${suggestion(key, known)}`,
      }));
    }
    const value = path.reduce<unknown>(
      (inside, step) => (inside as Record<Step, unknown> | undefined)?.[step],
      contents,
    );
    return [{ path, key: issue.code === "invalid_key", message: sentence(issue, value) }];
  });
}

function sentence(issue: z.core.$ZodIssue, value: unknown): string {
  const word = String(issue.path.at(-1) ?? "");
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined) return `"${word}" is missing: expected ${typeWords[issue.expected] ?? issue.expected}`;
      return expected(typeWords[issue.expected] ?? issue.expected, value);
    case "invalid_value": {
      const choices = issue.values.map(String);
      if (value === undefined) return `"${word}" is missing: expected one of ${choices.join(", ")}`;
      return typeof value === "string"
        ? `unknown word "${value}"${suggestion(value, choices)}`
        : expected(`one of ${choices.join(", ")}`, value);
    }
    case "invalid_format":
      return expected(issue.message, value);
    case "invalid_key":
      return expected(issue.issues[0]?.message ?? "another name", word);
    default:
      return issue.message;
  }
}

const expected = (what: string, value: unknown) => `expected ${what}, got ${shown(value)}`;
const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "words with values (word: value)",
  record: "names with values (name: value)",
};

function shown(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "words with values" : JSON.stringify(value);
}

/** `; did you mean device? Known: device, unit` */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  const list = known.length > 0 ? ` Known: ${known.join(", ")}` : "";
  return `${near ? `; did you mean ${near}?` : "."}${list}`;
}

function keysAt(schema: z.ZodType, path: readonly Step[]): string[] {
  let inside: unknown = schema;
  for (const step of path) inside = within(unwrapped(inside), step);
  const found = unwrapped(inside);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}
function unwrapped(schema: unknown): unknown {
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault;
  return wrapped ? unwrapped(schema.unwrap()) : schema;
}
function within(schema: unknown, step: Step): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(step)];
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}
