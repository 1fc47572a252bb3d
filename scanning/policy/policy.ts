// SPDX-License-Identifier: MIT
// Where data go: a policy turns names (proposal, sample, dataset) into paths.
import type { ScanSaving } from "../context.ts";

export interface ScanPlace {
  /** "ascan" */
  readonly name: string;
  readonly number: number;
  readonly save: boolean;
}

export interface SavingPolicy {
  /** As in the scan's identity. */
  readonly name: "None" | "ESRF";
  /** What the scan counter belongs to: when it changes, numbers start at 1 again. */
  readonly numbering: string;
  saving(scan: ScanPlace): ScanSaving;
  /** What a person wants to see: parameter names and values. */
  describe(): Readonly<Record<string, string>>;
}

/** `{name}` replaced by its value. @throws RangeError naming what is unknown */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === "img_acq_device") return whole; // known only camera by camera
    const value = values[name];
    if (value === undefined)
      throw new RangeError(`${template}: no value for {${name}}; there are ${Object.keys(values).join(", ")}`);
    return value;
  });
}

/** `%04d` style formats. */
export function numbered(format: string, number: number): string {
  return format.replace(/%0?(\d*)d/, (_, width: string) => String(number).padStart(Number(width || 0), "0"));
}

/** 20261124 for `%Y%m%d`. */
export function dated(format: string, date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const parts: Record<string, string> = {
    Y: String(date.getFullYear()),
    y: two(date.getFullYear() % 100),
    m: two(date.getMonth() + 1),
    d: two(date.getDate()),
    H: two(date.getHours()),
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
  };
  return format.replace(/%([YymdHMS])/g, (_, letter: string) => parts[letter]!);
}
