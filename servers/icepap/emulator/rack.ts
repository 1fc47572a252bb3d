// SPDX-License-Identifier: MIT
// An emulated IcePAP: its boards, and the language of its master. One line in, one answer (or silence) out.
import { BLOCK_HEADER, decodeBlock } from "../blocks.ts";
import { Board, type BoardOptions } from "./board.ts";
import { type BoardCommand, boardCommands } from "./commands-table.ts";
import { blockCommands } from "./memory-table.ts";
import { Refusal } from "./refusal.ts";
import { systemCommands } from "./system-table.ts";

interface Line {
  readonly acknowledge: boolean;
  /** Board it is addressed to; `undefined`: the master. */
  readonly board: number | undefined;
  readonly broadcast: boolean;
  readonly keyword: string;
  readonly words: readonly string[];
}

export class Rack {
  readonly boards: ReadonlyMap<number, Board>;
  /** Axes linked by the configuration: name of the group -> addresses. */
  readonly linked: Readonly<Record<string, readonly number[]>>;
  /** Connections of the position multiplexer: destination -> source. */
  readonly routes = new Map<string, { readonly from: string; readonly flags: readonly string[] }>();
  readonly #groups: ReadonlySet<Board>[] = [];

  constructor(axes: readonly BoardOptions[], linked: Readonly<Record<string, readonly number[]>> = {}) {
    this.linked = linked;
    this.boards = new Map(axes.map((axis) => [axis.address, new Board(axis)]));
  }

  board(address: number): Board {
    const board = this.boards.get(address);
    if (!board)
      throw new Refusal(address >= 0 && address <= 158 ? "Board is not present in the system" : "Bad board address");
    return board;
  }

  /** @returns the answer without its line end, "" when the controller keeps silent. */
  answer(text: string, block?: Uint8Array): string {
    const line = parseLine(text);
    if (!line) return "";
    const isQuery = line.keyword.startsWith("?");
    const echo = `${line.board === undefined ? "" : `${line.board}:`}${line.keyword}`;
    try {
      if (line.broadcast && isQuery) throw new Refusal("Cannot broadcast a query");
      const result = this.#execute(line, block);
      if (isQuery) return `${echo} ${result}`.trimEnd();
      return line.acknowledge ? `${echo} OK` : "";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return (isQuery || line.acknowledge) && !line.broadcast ? `${echo} ERROR ${error.message}` : "";
    }
  }

  #execute(line: Line, block: Uint8Array | undefined): string {
    const { keyword, board, broadcast, words } = line;
    if (keyword.startsWith("*")) return this.#takeBlock(line, block);
    const command = boardCommands[keyword] ?? wordCommand(keyword);
    const system = systemCommands[keyword];
    // Some words, such as ?MODE, are the master's own when they name no board.
    const mine = system && board === undefined && (!command || words.length === 0);
    if (command && !mine && (board === undefined || board % 10 !== 0)) {
      if (broadcast) {
        const value = words[0] ?? "";
        return run(
          command,
          [...this.boards.values()].map((each) => ({ board: each, value })),
          [],
        );
      }
      return board === undefined
        ? this.#list(command, keyword, words)
        : this.#single(command, this.board(board), words);
    }
    if (system) return system(this, words);
    throw new Refusal(
      board !== undefined && command ? "Command or option not valid in controller boards" : "Command not recognised",
    );
  }

  #single(command: BoardCommand, board: Board, words: readonly string[]): string {
    const { options, rest } = split(command, words);
    if (command.values === "none" && rest.length > 0) throw new Refusal("Too many parameters");
    return run(command, [{ board, value: rest.join(" ") }], options);
  }

  #list(command: BoardCommand, keyword: string, words: readonly string[]): string {
    const { options, rest } = split(command, words);
    const step = command.values === "each" ? 2 : 1;
    const shared = command.values === "shared" ? [rest[0] ?? ""] : [];
    const list = rest.slice(shared.length);
    if (list.length === 0 || list.length % step !== 0) throw new Refusal("Wrong number of parameter(s)");
    const targets = Array.from({ length: list.length / step }, (_, i) => {
      const address = Number(list[i * step]);
      if (!Number.isInteger(address)) throw new Refusal("Wrong parameter(s)");
      return { board: named(address, () => this.board(address)), value: shared[0] ?? list[i * step + 1] ?? "" };
    });
    const answer = run(command, targets, options);
    const boards = new Set(targets.map(({ board }) => board));
    if (options.includes("GROUP")) this.#groups.push(boards);
    else if (/^(STOP|ABORT)$/.test(keyword)) this.#stopGroups(boards, keyword as "STOP" | "ABORT");
    return answer;
  }

  /** Boards that started in a group stop in a group. */
  #stopGroups(stopped: ReadonlySet<Board>, how: "STOP" | "ABORT"): void {
    for (const group of this.#groups.splice(0)) {
      if ([...group].some((board) => stopped.has(board))) for (const board of group) board.halt(how);
      else if ([...group].some((board) => board.moving)) this.#groups.push(group);
    }
  }

  /** Without a board the block is for all; each takes what is addressed to it. */
  #takeBlock({ keyword, board, words }: Line, block: Uint8Array | undefined): string {
    const load = blockCommands[keyword];
    if (!load) throw new Refusal("Command not recognised");
    const boards = board === undefined ? [...this.boards.values()] : [this.board(board)];
    try {
      const data = decodeBlock(block ?? new Uint8Array(BLOCK_HEADER));
      for (const each of boards)
        load(
          each,
          words.map((word) => word.toUpperCase()),
          data,
        );
      return "";
    } catch (error) {
      throw error instanceof RangeError ? new Refusal("Wrong parameter(s)") : error;
    }
  }
}

/** Everything is checked before anything is done. */
function run(
  command: BoardCommand,
  targets: readonly { board: Board; value: string }[],
  options: readonly string[],
): string {
  const several = targets.length > 1;
  const each = (board: Board, work: () => unknown) => (several ? named(board.address, work) : work());
  for (const { board, value } of targets) each(board, () => command.check?.(board, value, options));
  return targets.map(({ board, value }) => each(board, () => command.run(board, value, options)) ?? "").join(" ");
}

function named<T>(address: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`Axis ${address}: ${error.message}`) : error;
  }
}

function split({ options }: BoardCommand, words: readonly string[]) {
  const isOption = (word: string) => options?.test(word.toUpperCase()) ?? false;
  return {
    options: words.filter(isOption).map((word) => word.toUpperCase()),
    rest: words.filter((word) => !isOption(word)),
  };
}

/** Boards keep these words and give them back. */
const kept =
  /^\??(NAME|MODE|ALARM|WARNING|PCLOOP|INDEXER|AUXPS|CSWITCH|INFO[ABC]|OUTPOS|OUTPAUX|SYNCPOS|SYNCAUX|CONFIG|POST|WTEMP)$/;
const readOnly = /^(ALARM|WARNING|POST|WTEMP)$/;
function wordCommand(keyword: string): BoardCommand | undefined {
  if (!kept.test(keyword)) return undefined;
  const name = keyword.replace("?", "");
  if (keyword.startsWith("?")) return { values: "none", run: (board) => board.words.get(name) ?? "" };
  if (readOnly.test(name)) return undefined;
  return { values: "shared", run: (board, value) => void board.words.set(name, value) };
}

function parseLine(text: string): Line | undefined {
  const [head = "", ...words] = text.trim().split(/\s+/);
  const [, hash, address, colon, keyword] = /^(#?)(\d*)(:?)(\S*)$/.exec(head) ?? [];
  if (!keyword) return undefined;
  return {
    acknowledge: hash === "#",
    board: address ? Number(address) : undefined,
    broadcast: colon === ":" && !address,
    keyword: keyword.toUpperCase(),
    words,
  };
}
