// SPDX-License-Identifier: MIT
// Tango resource locators: [tango:][//host:port/]domain/family/member[/attribute][->property][#dbase=yes|no], or an alias.
import type { DevFailed } from "../errors.ts";
import { devFailed } from "../errors.ts";
import { ObjectReference } from "../giop/index.ts";

export interface HostPort {
  readonly host: string;
  readonly port: number;
}
/** The database servers of one control system, in the order they are tried. */
export type TangoHost = readonly HostPort[];

export interface Trl {
  /** domain/family/member, or an alias, as written. */
  readonly device: string;
  readonly alias: boolean;
  readonly attribute?: string;
  readonly property?: string;
  /** Absent: the default control system. For `#dbase=no`, the server of the device itself. */
  readonly host?: HostPort;
  readonly database: boolean;
}

export const describeHost = ({ host, port }: HostPort): string => `${host}:${port}`;
/** Several hosts are several profiles: they are tried in order. */
export function corbalocOf(hosts: TangoHost, key: string): ObjectReference {
  const places = hosts.map(
    (host) => `iiop:${describeHost(host.host.includes(":") ? { ...host, host: `[${host.host}]` } : host)}`,
  );
  return ObjectReference.parse(`corbaloc:${places.join(",")}/${key}`);
}
export const describeTangoHost = (hosts: TangoHost): string => hosts.map(describeHost).join(",");

const syntax = (desc: string, reason = "API_WrongDeviceNameSyntax"): DevFailed =>
  devFailed(reason, desc, "DeviceProxy::parse_name");

/**
 * The value of TANGO_HOST: `host:port`, several by comma.
 * @throws DevFailed API_TangoHostNotSet
 */
export function parseTangoHost(text: string): TangoHost {
  return text.split(",").map((part) => {
    const [, host, port] = /^\s*(\[[^\]]+\]|[^:\s]+):(\d{1,5})\s*$/.exec(part) ?? [];
    if (host === undefined || Number(port) > 65535) {
      throw devFailed(
        "API_TangoHostNotSet",
        `TANGO_HOST "${text}": "${part}" is not host:port`,
        "ApiUtil::get_env_var",
      );
    }
    return { host: host.replace(/^\[|\]$/g, "").toLowerCase(), port: Number(port) };
  });
}

/** @throws DevFailed API_WrongDeviceNameSyntax and its kin, saying what is wrong. */
export function parseTrl(text: string): Trl {
  const { database, rest: unmodified } = takeModifier(text.trim());
  const { host, rest } = takeHost(unmodified, text);
  const [path = "", property] = rest.split("->", 2);
  const parts = path.split("/");
  if (path === "") {
    throw syntax("The given name is an empty string!!! \nDevice name syntax is domain/family/member");
  }
  if (!database && !host) throw syntax(`A device without database needs host and port (//host:port/) in ${text}`);
  const common = { database, ...(host ? { host } : {}), ...(property ? { property } : {}) };
  const isWrong = parts.some((part) => part === "" || /\s/.test(part)) || ![1, 3, 4].includes(parts.length);
  // A colon in front is what is left of a protocol.
  if (isWrong || (parts.length > 1 && parts[0]?.includes(":"))) {
    throw syntax(`Wrong device name syntax (domain/family/member) in ${text}`);
  }
  if (parts.length === 1) {
    if (!database) throw syntax(`An alias needs a database in ${text}`);
    if (path.includes(":")) throw syntax(`Wrong alias name (: not allowed in alias name) in ${text}`);
    return { ...common, device: path, alias: true };
  }
  const [domain, family, member, attribute] = parts;
  return { ...common, device: `${domain}/${family}/${member}`, alias: false, ...(attribute ? { attribute } : {}) };
}

function takeModifier(text: string): { readonly database: boolean; readonly rest: string } {
  const at = text.indexOf("#");
  if (at < 0) return { database: true, rest: text };
  const modifier = text.slice(at + 1).toLowerCase();
  if (modifier !== "dbase=no" && modifier !== "dbase=yes") {
    throw syntax(`${modifier} modifier is an unsupported db modifier`, "API_UnsupportedDBaseModifier");
  }
  return { database: modifier === "dbase=yes", rest: text.slice(0, at) };
}

function takeHost(text: string, whole: string): { readonly host?: HostPort; readonly rest: string } {
  const [, protocol, slashes, path = ""] =
    /^(?:([a-z]+):(?=\/\/)|tango:(?=[^:/]+\/[^/]+\/))?(\/\/)?(.*)$/is.exec(text) ?? [];
  if (protocol && protocol.toLowerCase() !== "tango") {
    throw syntax(`${protocol} protocol is an unsupported protocol`, "API_UnsupportedProtocol");
  }
  if (!slashes) return { rest: path };
  const [, host, port, rest] = /^(\[[^\]]+\]|[^:/]+):(\d{1,5})\/(.*)$/s.exec(path) ?? [];
  if (host !== undefined && rest !== undefined) {
    if (Number(port) > 65535) throw syntax(`Port ${port} is above 65535 in ${whole}`);
    return { host: { host: host.replace(/^\[|\]$/g, "").toLowerCase(), port: Number(port) }, rest };
  }
  if (/^[^/]*:/.test(path)) throw syntax(`Host and port not correctly defined in device name ${whole}`);
  return { rest: path };
}

/** An attribute's own locator: four fields, or an attribute alias. @throws DevFailed API_WrongAttributeNameSyntax */
export function parseAttributeTrl(text: string): Trl {
  const fail = () =>
    devFailed(
      "API_WrongAttributeNameSyntax",
      "Attribute name must have four fields separated by /'s or no /'s at all if it is an alias (e.g. my/device/name/an_attr or myalias)",
      "AttributeProxy::parse_name",
    );
  let trl: Trl;
  try {
    trl = parseTrl(text);
  } catch (error) {
    if (/^API_WrongDeviceNameSyntax/.test((error as DevFailed).reason)) throw fail();
    throw error;
  }
  if (!trl.alias && trl.attribute === undefined) throw fail();
  return trl;
}
