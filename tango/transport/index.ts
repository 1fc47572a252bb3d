// SPDX-License-Identifier: MIT
// What carries GIOP: TCP, unix-domain sockets, memory. Seven members in all.
export { memory } from "./memory.ts";
export { tcp } from "./tcp.ts";
export type { Address, Channel, Listener, PathAddress, Receiver, TcpAddress, Transport } from "./transport.ts";
export { describeAddress } from "./transport.ts";
export { unix } from "./unix.ts";
