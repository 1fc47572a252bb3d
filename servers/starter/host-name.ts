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

/** The hosts whose servers a Starter looks after: those of TANGO_CLUSTER=h1:h2 where they share the machine, else `host`. */
export const hostsOf = (host: string, env: Environment): readonly string[] => {
  const cluster = (env.TANGO_CLUSTER ?? "").split(":").filter(Boolean);
  return cluster.length > 0 ? cluster : [host];
};
