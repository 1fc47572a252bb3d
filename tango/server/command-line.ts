// SPDX-License-Identifier: MIT
// The command line of every Tango device server (documented in Tango's manual, "device server command line").

export interface ServerArguments {
  readonly instance: string;
  /** As `-v` gives it: 0 without, 4 for a bare `-v`. */
  readonly verbosity: number;
  /** `-file=`: the property file that stands for the database. */
  readonly file?: string;
  /** `-nodb`: no database at all. */
  readonly withoutDatabase: boolean;
  /** `-dlist`, e.g. `a/b/c` or `Class::a/b/c`. */
  readonly devices: readonly string[];
  /** `-ORBendPoint giop:tcp:host:port`; host "" is every interface, port 0 any. */
  readonly endpoint?: { readonly host: string; readonly port: number };
}

/** The arguments cannot be understood; `usage` is what the person should see. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
/** `-?`: the instances of this server are asked for. */
export class InstancesWanted extends Error {
  override readonly name = "InstancesWanted";
}

export const usage = (server: string): string =>
  `usage :  ${server} instance_name [-v[trace level]] [-file=<file_name> | -nodb [-dlist <device name list>] ]`;

/** @throws UsageError naming the argument, InstancesWanted for `-?`. */
export function parseArguments(server: string, args: readonly string[]): ServerArguments {
  const [instance, ...options] = args;
  if (instance === "-?" || instance === "-h" || instance === "--help") throw new InstancesWanted(server);
  if (!instance || instance.startsWith("-")) throw new UsageError(usage(server));
  if (instance.length > 255)
    throw new UsageError(`The device server's instance name is too long. Max. length is 255 characters`);
  const found: { -readonly [K in keyof ServerArguments]: ServerArguments[K] } = {
    instance,
    verbosity: 0,
    withoutDatabase: false,
    devices: [],
  };
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!;
    const value = (): string => {
      const next = options[++i];
      if (next === undefined) throw new UsageError(`${option} needs a value\n${usage(server)}`);
      return next;
    };
    const verbose = /^-v(\d*)$/.exec(option);
    if (option === "-?") throw new InstancesWanted(server);
    else if (verbose) found.verbosity = verbose[1] ? Number(verbose[1]) : 4;
    else if (option === "-nodb") found.withoutDatabase = true;
    else if (option === "-dlist") found.devices = value().split(",").filter(Boolean);
    else if (option.startsWith("-file=")) found.file = option.slice("-file=".length);
    else if (option === "-ORBendPoint") found.endpoint = parseEndpoint(value(), server);
    else if (/^-ORB/.test(option))
      value(); // other settings of omniORB have no meaning here
    else throw new UsageError(`${option} is no option of a device server\n${usage(server)}`);
  }
  return found;
}

function parseEndpoint(text: string, server: string): { host: string; port: number } {
  const [, host, port] = /^giop:tcp:(\[[^\]]*\]|[^:]*):(\d*)$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65535)
    throw new UsageError(`-ORBendPoint ${text}: giop:tcp:<host>:<port> expected\n${usage(server)}`);
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

/**
 * The devices of a `-dlist`, by class; names without a class belong to the only class there is, or to the first.
 * @throws UsageError naming the device or class that is wrong.
 */
export function devicesByClass(
  list: readonly string[],
  classes: readonly string[],
): Record<string, Record<string, object>> {
  const devices: Record<string, Record<string, object>> = {};
  for (const entry of list) {
    const [, named, name] = /^(?:([^:/]+)::)?([^/]+\/[^/]+\/[^/]+)$/.exec(entry) ?? [];
    if (!name)
      throw new UsageError(
        `Device name ${entry} does not have the correct syntax (domain/family/member or ClassName::domain/family/member)`,
      );
    const owner = named ? classes.find((known) => known.toLowerCase() === named.toLowerCase()) : classes[0];
    if (!owner)
      throw new UsageError(
        `Class name ${named} used on command line device declaration but this class is not embedded in DS process`,
      );
    (devices[owner] ??= {})[name] = {};
  }
  return devices;
}
