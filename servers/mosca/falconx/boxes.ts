// SPDX-License-Identifier: MIT
// The boxes of a layout while they are connected, and their channels as detectors.
import { FalconXChannel } from "./channel.ts";
import type { Box, Layout } from "./layout.ts";
import { FalconXModule, type ModuleListener } from "./module.ts";

export class FalconXBoxes implements AsyncDisposable {
  /** By their ids, ascending. */
  readonly channels: readonly FalconXChannel[];
  readonly modules: readonly FalconXModule[];
  readonly #happenings: Happenings;

  private constructor(channels: readonly FalconXChannel[], modules: readonly FalconXModule[], happenings: Happenings) {
    this.channels = channels.toSorted((a, b) => a.id - b.id);
    this.modules = modules;
    this.#happenings = happenings;
  }

  /** Connects to all of them and makes their channels ready. @throws Error naming the box that is not there, or not as said */
  static async open({ boxes }: Layout, timeout: number): Promise<FalconXBoxes> {
    await using stack = new AsyncDisposableStack();
    const happenings = new Happenings();
    const modules: FalconXModule[] = [];
    const channels: FalconXChannel[] = [];
    for (const box of boxes) {
      const mine: FalconXChannel[] = [];
      const module = stack.use(await FalconXModule.open(box.place, listener(mine, happenings), timeout));
      mine.push(...channelsOf(box, module, channels.length));
      await module.monitor(mine.map(({ number }) => number));
      for (const channel of mine) await makeReady(channel, box);
      modules.push(module);
      channels.push(...mine);
    }
    stack.move();
    return new FalconXBoxes(channels, modules, happenings);
  }

  /** Whether all of them are still there. */
  get connected(): boolean {
    return !this.#happenings.lost;
  }
  /** What went wrong since the last acquisition began, or ended the connection. */
  get failure(): Error | undefined {
    return this.#happenings.lost ?? this.#happenings.reported;
  }
  /** Forgets what was reported before an acquisition. */
  forgive(): void {
    this.#happenings.reported = undefined;
  }
  /** Resolves with the next histogram, change of state or failure. */
  next(): Promise<void> {
    return this.#happenings.next();
  }
  wake(): void {
    this.#happenings.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const module of this.modules) await module[Symbol.asyncDispose]();
  }
}

/** What boxes told since somebody looked. */
class Happenings {
  lost: Error | undefined;
  reported: Error | undefined;
  #happened = Promise.withResolvers<void>();

  next(): Promise<void> {
    return this.#happened.promise;
  }
  wake(): void {
    this.#happened.resolve();
    this.#happened = Promise.withResolvers();
  }
}

function listener(channels: readonly FalconXChannel[], happenings: Happenings): ModuleListener {
  const of = (number: number) => channels.find((channel) => channel.number === number);
  return {
    histogram: (number, histogram) => {
      of(number)?.heard(histogram);
      happenings.wake();
    },
    state: (number, state) => {
      of(number)?.became(state);
      happenings.wake();
    },
    reported: (error) => {
      happenings.reported ??= error;
      happenings.wake();
    },
    lost: (error) => {
      happenings.lost ??= error;
      happenings.wake();
    },
  };
}

/** `next`: the first id of a box whose channels are all detectors. */
function channelsOf({ channels }: Box, module: FalconXModule, next: number): FalconXChannel[] {
  const all = () => new Map(Array.from({ length: module.channels }, (_, at) => [next + at, at]));
  return [...(channels ?? all())].map(([id, number]) => {
    if (number < module.channels) return new FalconXChannel(id, module, number);
    throw new Error(`${module.about} has ${module.channels} channels, detector ${id} is to be channel ${number}`);
  });
}

/** Ends what the channel was doing for somebody else, and sets what its configuration says. */
async function makeReady(channel: FalconXChannel, { values }: Box): Promise<void> {
  const { module, number } = channel;
  channel.became(String(await module.get(number, "channel.state")));
  if (channel.state !== "ready") await module.stop(number);
  const own = values?.get(number) ?? {};
  if (Object.keys(own).length > 0) await module.set(number, own);
}
