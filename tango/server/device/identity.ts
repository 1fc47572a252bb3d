// SPDX-License-Identifier: MIT
// Who calls: what the wire says of a client, and how texts name it.
import type { ClntIdent } from "../../idl/index.ts";

export interface Identity {
  /** Address of the client without its port, or the path of a unix socket. */
  readonly host: string;
  /** As C++ servers print it: `giop:tcp:127.0.0.1:4711`. */
  readonly peer: string;
  readonly client:
    | { readonly kind: "cpp"; readonly pid: number }
    | { readonly kind: "java"; readonly mainClass: string; readonly uuid: readonly bigint[] };
  readonly traceParent?: string;
  readonly traceState?: string;
}

/** `host:port` without the port; IPv4 addresses in IPv6 form as plain ones. */
export function hostOf(peer: string): string {
  if (peer.startsWith("/")) return peer;
  const host = peer.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return host.replace(/^::ffff:/i, "");
}

const peerText = (peer: string): string => (peer.startsWith("/") ? `giop:unix:${peer}` : `giop:tcp:${peer}`);

export function identityOf(ident: ClntIdent, peer: string): Identity {
  const from = { host: hostOf(peer), peer: peerText(peer) };
  switch (ident.type) {
    case "CPP":
      return { ...from, client: { kind: "cpp", pid: ident.value } };
    case "JAVA":
      return { ...from, client: { kind: "java", mainClass: ident.value.MainClass, uuid: ident.value.uuid } };
    case "CPP_6":
      return { ...from, client: { kind: "cpp", pid: ident.value.cpp_clnt }, ...trace(ident.value.trace_context) };
    case "JAVA_6": {
      const { java_clnt, trace_context } = ident.value;
      return {
        ...from,
        client: { kind: "java", mainClass: java_clnt.MainClass, uuid: java_clnt.uuid },
        ...trace(trace_context),
      };
    }
  }
}

function trace({ value }: { readonly value: { readonly trace_parent: string; readonly trace_state: string } }) {
  return {
    ...(value.trace_parent && { traceParent: value.trace_parent }),
    ...(value.trace_state && { traceState: value.trace_state }),
  };
}

export function sameClient(one: Identity, other: Identity): boolean {
  if (one.client.kind === "cpp") {
    return other.client.kind === "cpp" && one.client.pid === other.client.pid && one.host === other.host;
  }
  const { uuid } = one.client;
  return other.client.kind === "java" && other.client.uuid.every((part, index) => part === uuid[index]);
}
