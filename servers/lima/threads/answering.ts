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

/** An answer that will come; the next question is looked at meanwhile. */
export interface Later {
  readonly later: Promise<unknown>;
}
const isLater = (value: unknown): value is Later => typeof value === "object" && value !== null && "later" in value;

/** Answers questions one after the other, in the order they were asked. */
export function answering<Question>(answer: (question: Question) => unknown): void {
  let last: Promise<void> = Promise.resolve();
  const tell = async (id: number, value: unknown): Promise<void> => {
    try {
      parentPort?.postMessage({ id, value: await value } satisfies Answer);
    } catch (error) {
      parentPort?.postMessage({ id, problem: problemOf(error) } satisfies Answer);
    }
  };
  const answerOne = async ({ id, question }: Order<Question>): Promise<void> => {
    const value = (async () => answer(question))();
    const known = await value.catch(() => undefined);
    if (isLater(known)) void tell(id, known.later);
    else await tell(id, value);
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
