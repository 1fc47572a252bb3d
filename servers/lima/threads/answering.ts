// SPDX-License-Identifier: MIT
// A worker thread that is asked and answers, on its own side.
import { parentPort } from "node:worker_threads";

export interface Order<Question> {
  readonly id: number;
  readonly question: Question;
}
export interface Problem {
  readonly message: string;
  readonly code?: string;
  readonly reason?: string;
}
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly problem: Problem };

/** Answers questions as they come; those whose answers take their time may overtake each other. */
export function answering<Question>(answer: (question: Question) => unknown): void {
  parentPort?.on("message", async ({ id, question }: Order<Question>) => {
    try {
      parentPort?.postMessage({ id, value: await answer(question) } satisfies Answer);
    } catch (error) {
      parentPort?.postMessage({ id, problem: problemOf(error) } satisfies Answer);
    }
  });
}

/** What of an error outlives the way to another thread. */
function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, code, reason } = error as Error & Problem;
  return { message, ...(code && { code }), ...(reason && { reason }) };
}
