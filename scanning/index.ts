// SPDX-License-Identifier: MIT
// The door of the scan engine: `bandoneon/scanning`.
export type * from "./events.ts";
export * from "./protocols.ts";
