// SPDX-License-Identifier: MIT
// A plugin that is on, as a place in the processing chain.
import type { Frame } from "./frame.ts";
import type { Task, TaskKind, TaskResults } from "./pipeline/tasks.ts";

export interface Processor<Kind extends TaskKind = TaskKind> {
  /** Frames pass through the chain in order of it. */
  readonly runLevel: number;
  /** Produces counters that the end of the acquisition waits for. */
  readonly counts: boolean;
  /** Changes frames: those before it are kept too, and take memory. */
  readonly corrects?: boolean;
  /** Forgets the results of the acquisition before. @throws Error when it cannot work on images of this size. */
  prepare(size: { readonly width: number; readonly height: number }): void;
  /** What to do with the next frame, asked for each; it is done in a thread. Undefined: nothing. */
  task(): Task<Kind> | undefined;
  /** Called frame after frame, in order, with what the task gave, the frame as clients see it, and that task. */
  done?(result: TaskResults[Kind], frame: Frame, task: Task<Kind>): void;
}
