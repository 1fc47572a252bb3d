// SPDX-License-Identifier: MIT
// What happens with a line that was typed: one after the other; promises are awaited without saying so, and errors are
// told in one line.
import type { EventEmitter } from "node:events";
import { type REPLEval, type REPLServer, Recoverable } from "node:repl";
import { types } from "node:util";
import { withoutTypes } from "./types.ts";

export interface Evaluation {
  readonly busy: boolean;
  /** Resolves when every line so far has been dealt with. */
  idle(): Promise<void>;
  /** No more lines come: one that is not whole has failed. */
  inputEnded(): void;
  /** Gives up waiting for the present line: what it started goes on. */
  abandon(): void;
  /** Lines that have not begun never do. */
  close(): void;
}

export interface EvaluationHooks {
  /** What is evaluated for what was typed. */
  rewrite(code: string): string;
  /** Awaited before the value of a line is shown, or its error told (`value` is undefined then); what it throws is an error of the line. */
  done(value: unknown): Promise<void>;
  /** Told of every error, also of those nobody waits for. */
  failed(error: unknown): void;
}

/** Takes over the server's evaluation. */
export function evaluateInTurn(server: REPLServer, { rewrite, done, failed }: EvaluationHooks): Evaluation {
  const evaluate = server.eval;
  let turn = Promise.resolve();
  let waiting = 0;
  let closed = false;
  let unfinished: Recoverable | undefined;
  /** Ends the present line. */
  let end: ((error: unknown) => void) | undefined;
  /** The same, while the server itself works on it: its errors belong to the line. */
  let thrown: ((error: unknown) => void) | undefined;

  type Line = [code: string, context: typeof server.context, file: string];
  /** JavaScript as it is; what is none is tried again without its types: nothing of it has run. */
  const value = async (...line: Line): Promise<unknown> => {
    try {
      return await plainValue(...line);
    } catch (error) {
      const [code, ...rest] = line;
      const plain = (error as Error | undefined)?.name === "SyntaxError" ? withoutTypes(code) : undefined;
      if (plain === undefined) throw error;
      if (plain === "more") throw new Recoverable(error as Error);
      return plainValue(plain, ...rest);
    }
  };
  const shownValue = async (...line: Line) => {
    const result = await value(...line).catch(async (error: unknown) => {
      if (!(error instanceof Recoverable)) await done(undefined).catch(failed);
      throw error;
    });
    await done(result);
    return result;
  };
  const plainValue = (...line: Line) =>
    new Promise<unknown>((resolve, reject) => {
      thrown = end = reject;
      evaluate.call(server, ...line, (error, result) => {
        thrown = undefined;
        if (error) reject(error);
        else if (types.isPromise(result)) result.then(resolve, reject);
        else resolve(result);
      });
    }).finally(() => {
      thrown = end = undefined;
    });
  onThrown(server, (error) => (thrown ?? failed)(error));

  const inTurn: REPLEval = (code, context, file, callback) => {
    waiting++;
    turn = turn.then(async () => {
      if (closed) return void waiting--;
      const outcome = await shownValue(rewrite(code), context, file).then(
        (result) => [null, result] as const,
        (error: unknown) => [error, undefined] as const,
      );
      waiting--;
      const [error, result] = outcome;
      unfinished = error instanceof Recoverable ? error : undefined;
      if (error !== null && !unfinished) failed(error);
      callback(unfinished ?? null, result);
    });
  };
  Object.assign(server, { eval: inTurn });
  return {
    get busy() {
      return waiting > 0;
    },
    idle: () => turn,
    inputEnded: () => {
      if (unfinished) failed(new SyntaxError("the input ended in the middle of a line", { cause: unfinished.err }));
      unfinished = undefined;
    },
    close: () => {
      closed = true;
    },
    abandon: () => end?.(new Error("not waited for any longer; what was started goes on")),
  };
}

/** The server throws what a line throws not at its caller but at its domain, which would print the stack. */
function onThrown(server: REPLServer, listener: (error: unknown) => void): void {
  const { _domain: domain } = server as unknown as { readonly _domain: EventEmitter };
  domain.removeAllListeners("error");
  domain.on("error", listener);
}
