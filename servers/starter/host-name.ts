// SPDX-License-Identifier: MIT

/**
 * Why a Starter for `wanted` must not run on the host that calls itself `actual`; undefined when it may. On the wrong host
 * it would take the place of the right one in the database. DEBUG=true lets it run anywhere, as ever.
 */
export function wrongHost(
  wanted: string,
  actual: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const [short = actual] = actual.toLowerCase().split(".");
  if (wanted === "" || wanted.startsWith("-") || wanted.toLowerCase() === short) return undefined;
  if (env.DEBUG?.toLowerCase() === "true") return undefined;
  return `This server must run on ${wanted} and not on ${short}`;
}
