// SPDX-License-Identifier: MIT
// The door of the configuration: `bandoneon/config`.
export { type BeaconImport, type ImportOptions, importBeacon } from "./beacon/import.ts";
export { readBeaconTree } from "./beacon/tree.ts";
export type { ConfiguredChain } from "./chain.ts";
export { type ConfiguredGroup, type ConfiguredObject, type LoadOptions, loadConfig, type ObjectSpec, type SessionConfig } from "./load.ts"; // biome-ignore format: one import
export { type Factories, type MakeOptions, type OpenedSession, type OpenOptions, openSession } from "./open.ts";
export { ConfigError, type Place, type Problem, placeText } from "./problem.ts";
export { type DataOptions, type Kind, kindNames } from "./schema.ts";
