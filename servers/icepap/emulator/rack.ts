// SPDX-License-Identifier: MIT
// An emulated IcePAP: its boards, and the language of its master. One line in, one answer (or silence) out.
import { decodeBlock, decodeVectors } from "../blocks.ts";
import { Board, type BoardOptions, Refusal } from "./board.ts";
import { type BoardCommand, boardCommands } from "./commands-table.ts";

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
  readonly #groups: ReadonlySet<Board>[] = [];

  constructor(axes: readonly BoardOptions[]) {
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
    if (command && (board === undefined || board % 10 !== 0)) {
      if (broadcast)
        return run(
          command,
          [...this.boards.values()].map((each) => ({ board: each, value: words[0] ?? "" })),
          [],
        );
      return board === undefined
        ? this.#list(command, keyword, words)
        : this.#single(command, this.board(board), words);
    }
    const system = systemQueries[keyword];
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

  #takeBlock({ keyword, board, words }: Line, block: Uint8Array | undefined): string {
    if (!block) throw new Refusal("Wrong parameter(s)");
    try {
      const data = decodeBlock(block);
      if (keyword === "*PARDAT") {
        const vectors = decodeVectors(data);
        const addresses = board === undefined ? [...this.boards.keys()] : [board];
        for (const address of addresses)
          this.board(address).trajectory = vectors.filter((each) => each.address === address || each.address === 0xff);
      } else if (board !== undefined) this.board(board).words.set(keyword.slice(1), words.join(" "));
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
  /^\??(NAME|MODE|ACTIVE|ALARM|WARNING|PCLOOP|INDEXER|AUXPS|CSWITCH|INFO[ABC]|OUTPOS|OUTPAUX|SYNCPOS|SYNCAUX|CONFIG|POST|WTEMP)$/;
const readOnly = /^(ALARM|WARNING|POST|WTEMP)$/;
function wordCommand(keyword: string): BoardCommand | undefined {
  if (!kept.test(keyword)) return undefined;
  const name = keyword.replace("?", "");
  if (keyword.startsWith("?")) return { values: "none", run: (board) => board.words.get(name) ?? "" };
  if (readOnly.test(name)) return undefined;
  return { values: "shared", run: (board, value) => void board.words.set(name, value) };
}

const rackOf = (address: number): number => Math.floor(address / 10);
const mask = (bits: Iterable<number>): string =>
  `0x${[...bits].reduce((sum, bit) => sum | (1 << bit), 0).toString(16)}`;

const systemQueries: Readonly<Record<string, (rack: Rack, words: readonly string[]) => string>> = {
  "?VER": (_, [what]) =>
    what === undefined || /^SYSTEM$/i.test(what) ? "3.17" : /^INFO$/i.test(what) ? versions : "3.17",
  "?SYSSTAT": ({ boards }, [number]) => {
    if (number === undefined) return mask([...boards.keys()].map(rackOf));
    const slots = [...boards.values()].filter(({ address }) => rackOf(address) === Number(number));
    const slot = ({ address }: Board) => (address % 10) - 1;
    return `${mask(slots.map(slot))} ${mask(slots.filter(({ alive }) => alive).map(slot))}`;
  },
  "?MODE": () => "OPER",
  "?RID": (_, racks) =>
    (racks.length > 0 ? racks : ["0"]).map((rack) => `0008.00F0.${rack.padStart(4, "0")}`).join(" "),
  "?RTEMP": (_, racks) => (racks.length > 0 ? racks : ["0"]).map(() => "30").join(" "),
  "?TIME": () => new Date().toISOString(),
  "?IPMASK": () => "255.255.255.0",
  "?HELP": () => `$\r\n${Object.keys(boardCommands).join("\r\n")}\r\n$`,
};

const versions = [
  "$",
  "SYSTEM       : 3.17 : Mon Feb 16 2015",
  "   CONTROLLER : 3.17 : Mon Feb 16 2015",
  "      DSP    : 3.67 : Mon Feb 16 2015",
  "      FPGA   : 2.05 : Fri Feb 06 2015",
  "   DRIVER    : 3.17 : Mon Feb 16 2015",
  "      DSP    : 3.67 : Mon Feb 16 2015",
  "      FPGA   : 2.05 : Fri Feb 06 2015",
  "$",
].join("\r\n");

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
