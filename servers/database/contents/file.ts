// SPDX-License-Identifier: MIT
// The forms in which contents are kept in files, told apart by the file's name.
import { type Contents, FormatError } from "./contents.ts";
import { formatDsconfig, parseDsconfig } from "./dsconfig.ts";
import { formatResources, parseResources } from "./resource-file.ts";
import { formatYaml, parseYaml } from "./yaml.ts";

interface Form {
  readonly parse: (text: string, name: string) => Contents;
  readonly format: (contents: Contents) => string;
}

export const forms = {
  yaml: { parse: parseYaml, format: formatYaml },
  res: { parse: parseResources, format: formatResources },
  dsconfig: { parse: parseDsconfig, format: formatDsconfig },
} as const satisfies Record<string, Form>;
export type FormName = keyof typeof forms;

/** @throws FormatError when the ending tells nothing. */
export function formOf(file: string): FormName {
  if (/\.ya?ml$/i.test(file)) return "yaml";
  if (/\.res$/i.test(file)) return "res";
  if (/\.json$/i.test(file)) return "dsconfig";
  throw new FormatError(
    `${file}: its ending says no form; .yml, .res (Tango resource file) or .json (dsconfig) expected`,
  );
}
