// SPDX-License-Identifier: MIT
// Who may write to what: the matching rules of Tango's access control.

export interface DeviceRight {
  readonly device: string;
  readonly rights: string;
}

export interface UserRows {
  readonly addresses: readonly string[];
  readonly devices: readonly DeviceRight[];
}

/**
 * The right of a user on a device, from the user's own rows and those of the user `*`.
 * Several of a user's rows may fit a device: any `read` among them wins. `unknown` means that rows exist and none fits;
 * clients take it as `read`.
 */
export function access(own: UserRows, everyone: UserRows, addresses: readonly string[], device: string): string {
  // Addresses of the user's own replace those of everyone, they do not add to them.
  const allowed = own.addresses.length > 0 ? own.addresses : everyone.addresses;
  if (!addresses.some((address) => allowed.some((pattern) => fitsAddress(pattern, address)))) return "read";
  const mine = own.devices.filter((row) => fitsDevice(row.device, device));
  if (mine.length > 0) return strictest(mine);
  const shared = everyone.devices.filter((row) => fitsDevice(row.device, device));
  if (shared.length > 0) return strictest(shared) === "write" ? "write" : "read";
  return own.devices.length + everyone.devices.length > 0 ? "unknown" : "read";
}

function strictest(rows: readonly DeviceRight[]): string {
  if (rows.length === 1) return rows[0]!.rights;
  return rows.some(({ rights }) => rights === "read") ? "read" : "write";
}

/** `*.*.*.*`, `a.*.*.*`, `a.b.*.*`, `a.b.c.*` or the whole address; an address that is not IPv4 fits the first alone. */
export function fitsAddress(pattern: string, address: string): boolean {
  if (pattern === "*.*.*.*") return true;
  const parts = address.split(".");
  if (parts.length !== 4) return false;
  return [1, 2, 3, 4].some((known) => [...parts.slice(0, known), ...Array(4 - known).fill("*")].join(".") === pattern);
}

export function fitsDevice(pattern: string, device: string): boolean {
  const wanted = pattern.toLowerCase().split("/");
  const fields = device.toLowerCase().split("/");
  return wanted.length === fields.length && wanted.every((field, index) => fitsField(field, fields[index]!));
}

/**
 * One field, as the original has it: `*` anything; `*x` contains x; `x*` begins with x; `x*y` begins with x, then one
 * character, then the first y of the field.
 */
function fitsField(pattern: string, field: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === field;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  if (before === "") return field.includes(after);
  if (after === "") return field.startsWith(before);
  return field.startsWith(before) && field.indexOf(after) === before.length + 1;
}
