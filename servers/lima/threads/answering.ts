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

/** Answers questions one after the other, in the order they were asked. */
export function answering<Question>(answer: (question: Question) => unknown): void {
  let last: Promise<void> = Promise.resolve();
  const answerOne = async ({ id, question }: Order<Question>): Promise<void> => {
    try {
      parentPort?.postMessage({ id, value: await answer(question) } satisfies Answer);
    } catch (error) {
      parentPort?.postMessage({ id, problem: problemOf(error) } satisfies Answer);
    }
  };
  parentPort?.on("message", (order: Order<Question>) => {
    last = last.then(() => answerOne(order));
  });
}

/** What of an error outlives the way to another thread. */
function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, code, reason } = error as Error & Problem;
  return { message, ...(code && { code }), ...(reason && { reason }) };
}
