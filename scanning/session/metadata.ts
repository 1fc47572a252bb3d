// SPDX-License-Identifier: MIT
// What a scan's document says about everything around it: categories filled by functions at their moment.
import type { Awaitable } from "../presets.ts";
import type { Axis, CallOptions } from "../protocols.ts";

export type Moment = "START" | "END";
type Contents = Readonly<Record<string, unknown>>;
export interface Provider {
  readonly category: string;
  readonly moment: Moment;
  readonly provide: () => Awaitable<Contents>;
}

export interface ScanMetadata {
  /** Adds to a category ("instrument", "technique", "sample" ...) in every scan; disposing takes it out again. */
  add(category: string, provide: Contents | (() => Awaitable<Contents>), moment?: Moment): Disposable;
  /** All categories of one moment. A provider that throws is warned about and left out. */
  collect(moment: Moment, warn: (message: string) => void): Promise<Contents>;
}

/** "instrument" and "technique" are always there; "positioners" are the axes. */
export function scanMetadata(axes: () => readonly Axis[]): ScanMetadata {
  const providers: Provider[] = [];
  return {
    add(category, contents, moment = "START") {
      const provide = typeof contents === "function" ? contents : () => contents;
      const provider = { category, moment, provide };
      providers.push(provider);
      return { [Symbol.dispose]: () => void providers.splice(providers.indexOf(provider), 1) };
    },
    async collect(moment, warn) {
      const found: Record<string, Contents> = {};
      if (moment === "START")
        Object.assign(found, {
          instrument: { "@NX_class": "NXinstrument" },
          technique: { "@NX_class": "NXcollection" },
        });
      found.positioners = await positioners(moment, axes());
      for (const { category, provide } of providers.filter((provider) => provider.moment === moment)) {
        try {
          found[category] = { ...found[category], ...(await provide()) };
        } catch (error) {
          warn(`metadata "${category}": ${error instanceof Error ? error.message : error}`);
        }
      }
      return found;
    },
  };
}

/** User and dial positions; "ERR" for an axis that does not answer. */
async function positioners(moment: Moment, axes: readonly Axis[]): Promise<Contents> {
  const when = moment.toLowerCase();
  const read = (of: (axis: Axis) => Promise<number>) =>
    Promise.all(axes.map(async (axis) => [axis.name, await of(axis).catch(() => "ERR")] as const)).then(
      Object.fromEntries,
    );
  const [user, dial] = await Promise.all([
    read((axis) => axis.position(patience)),
    read((axis) => (axis.dial ? axis.dial(patience) : axis.position(patience))),
  ]);
  return {
    [`positioners_${when}`]: user,
    [`positioners_dial_${when}`]: dial,
    ...(moment === "START" && {
      positioners_units: Object.fromEntries(axes.map(({ name, unit }) => [name, unit ?? null])),
    }),
  };
}
const patience: CallOptions = { timeout: 3000 };
