// SPDX-License-Identifier: MIT
// bandoneon/tango: the Tango control system, as client and as server.
export * from "./client/index.ts";
export * from "./database/index.ts";
export * from "./errors.ts";
export * from "./idl/tango-types.ts";
export * from "./interface.ts";
export * from "./server/index.ts";
