// SPDX-License-Identifier: MIT
import type { ClntIdent, DevSource, OperationArgs, OperationName, OperationResult } from "../../idl/index.ts";

/** Calls an operation of one device. */
export type Invoke = <N extends OperationName>(operation: N, args: OperationArgs<N>) => Promise<OperationResult<N>>;

/** A device that is being called: the way to it, and what it is told of its caller. */
export interface Callee {
  readonly invoke: Invoke;
  readonly source: DevSource;
  readonly ident: ClntIdent;
}
