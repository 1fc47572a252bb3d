// SPDX-License-Identifier: MIT

type Environment = Readonly<Record<string, string | undefined>>;

/** DEBUG=true, as for the original: any host will do, and restarts are a matter of seconds. */
export const isDebugging = (env: Environment): boolean => env.DEBUG?.toLowerCase() === "true";

/**
 * Why a Starter for `wanted` must not run on the host that calls itself `actual`; undefined when it may. On the wrong host
 * it would take the place of the right one in the database.
 */
export function wrongHost(wanted: string, actual: string, env: Environment): string | undefined {
  const [short = actual] = actual.toLowerCase().split(".");
  if (wanted === "" || wanted.startsWith("-") || wanted.toLowerCase() === short) return undefined;
  if (isDebugging(env)) return undefined;
  return `This server must run on ${wanted} and not on ${short}`;
}
