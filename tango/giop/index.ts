// SPDX-License-Identifier: MIT
// GIOP 1.0, 1.1 and 1.2 over any transport: object references, one connection as a client, a server.
export { Accumulator } from "./accumulator.ts";
export type { Answer, ObjectAdapter, Peer, Request } from "./adapter.ts";
export type { ConnectionOptions, InvokeOptions } from "./client-connection.ts";
export { ClientConnection } from "./client-connection.ts";
export type { Completion } from "./exceptions.ts";
export { LocationForward, SystemException, systemException, UserException } from "./exceptions.ts";
export type { Minor } from "./header.ts";
export { MAX_MESSAGE, ProtocolError } from "./header.ts";
export type { Component, Profile } from "./reference.ts";
export {
  addressesOf, alternateAddressComponent, codeSetsComponent, componentTags, ObjectReference, unixSocketComponent,
} from "./reference.ts"; // biome-ignore format: a list
export type { ServerOptions } from "./server.ts";
export { GiopServer } from "./server.ts";
