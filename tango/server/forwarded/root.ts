// SPDX-License-Identifier: MIT
// Which attribute of which device a forwarded attribute stands for.

import { type HostPort, parseAttributeTrl } from "../../client/index.ts";
import { DevFailed } from "../../errors.ts";

/** Why a forwarded attribute cannot stand for its root. */
export class RootProblem extends Error {
  override readonly name = "RootProblem";
  /** "configuration": somebody must mend it; "attribute": the root's device may get it yet; "device": it is away. */
  readonly kind: "configuration" | "attribute" | "device";

  constructor(message: string, kind: RootProblem["kind"] = "configuration", cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

export interface Root {
  /** As texts and configurations show it: `tango://host:port/domain/family/member/attribute`. */
  readonly text: string;
  /** What connects to its device. */
  readonly trl: string;
  /** domain/family/member, lower case. */
  readonly device: string;
  readonly attribute: string;
  /** It is of the server's own control system. */
  readonly isOwn: boolean;
}

/** What a root that was never configured is shown as. */
export const NOT_DEFINED = "Not defined";

const described = ({ host, port }: HostPort): string => `${host}:${port}`;

/** @param host the database's `host:port`; undefined without one. @throws RootProblem */
export function rootNamed(text: string, host: string | undefined): Root {
  if (text === NOT_DEFINED || text === "") throw new RootProblem("Missing or wrong root attribute definition");
  const trl = parsed(text);
  if (trl.attribute === undefined) throw new RootProblem("Wrong syntax in root attribute definition");
  const device = trl.device.toLowerCase();
  const place = trl.host ? `//${described(trl.host)}/` : "";
  const modifier = trl.database ? "" : "#dbase=no";
  const shownPlace = place || (host ? `//${host}/` : "");
  return {
    text: `${shownPlace ? "tango:" : ""}${shownPlace}${device}/${trl.attribute.toLowerCase()}${modifier}`,
    trl: `${place ? "tango:" : ""}${place}${device}${modifier}`,
    device,
    attribute: trl.attribute,
    isOwn: trl.database && (!trl.host || described(trl.host) === host),
  };
}

function parsed(text: string): ReturnType<typeof parseAttributeTrl> {
  try {
    return parseAttributeTrl(text);
  } catch (error) {
    throw new RootProblem("Wrong syntax in root attribute definition", "configuration", error);
  }
}

/** What a failure to reach the root means for the forwarded attribute. */
export function problemOf(error: unknown): RootProblem {
  if (error instanceof RootProblem) return error;
  if (error instanceof DevFailed) {
    if (error.is("API_DeviceNotDefined")) return new RootProblem("Wrong root device", "configuration", error);
    if (error.is("API_AttrNotFound")) return new RootProblem("Attribute not found in root device", "attribute", error);
    if (error.is("API_TangoHostNotSet"))
      return new RootProblem(error.errors[0]?.desc ?? error.message, "configuration", error);
  }
  return new RootProblem(
    "Root device not started yet. Polling (if any) for this attribute not available",
    "device",
    error,
  );
}
