// SPDX-License-Identifier: MIT
// Tango IDL 6: every type as a codec with its TypeScript type of the same name, every operation in one table.
// The Tango types of attributes and commands as people name them (DevDouble, ...) are in tango-types.ts.
export * from "./aliases.ts";
export { any } from "./any.ts";
export * from "./configs.ts";
export type { TangoValue } from "./conversions.ts";
export { fromAny, fromUnion, noData, toAny, toUnion } from "./conversions.ts";
export * from "./enums.ts";
export * from "./exceptions.ts";
export * from "./histories.ts";
export * from "./identity.ts";
export type {
  IdlVersion,
  Operation,
  OperationArgs,
  OperationName,
  OperationResult,
  Operations,
  Raises,
} from "./operations.ts";
export { interfaceId, isA, operationNamed, operations, readArgs, writeArgs } from "./operations.ts";
export type { Blob, PipeElement, PipeValue } from "./pipe-blobs.ts";
export { plainBlob, wireBlob } from "./pipe-blobs.ts";
export { typeCodes } from "./typecodes-table.ts";
export * from "./values.ts";
