// SPDX-License-Identifier: MIT
// Pseudo axes made of functions: what they are from the real axes, and where the real axes go for them.
import { moveTogether } from "./chain/move.ts";
import type { Axis, AxisGroup, CallOptions, Limits } from "./protocols.ts";

type Positions<Names extends string> = Readonly<Record<Names, number>>;

export interface Kinematics<Real extends string, Pseudo extends string> {
  readonly reals: Readonly<Record<Real, Axis>>;
  readonly pseudos: Readonly<
    Record<Pseudo, { readonly unit?: string; readonly limits?: Limits; readonly decimals?: number }>
  >;
  /** Positions of the pseudo axes. */
  forward(reals: Positions<Real>): Positions<Pseudo>;
  /** Positions of the real axes; `now` is where they were sent last, for what the pseudo axes leave open. */
  inverse(pseudos: Positions<Pseudo>, now: Positions<Real>): Positions<Real>;
}

/** e.g. slits: `pseudoAxes({ reals: { up, down }, pseudos: { gap: {}, offset: {} }, forward, inverse })`. */
export function pseudoAxes<const Real extends string, const Pseudo extends string>(
  kinematics: Kinematics<Real, Pseudo>,
): { readonly [Name in Pseudo]: Axis<Name> } {
  const { forward, inverse } = kinematics;
  const reals = Object.entries(kinematics.reals) as [Real, Axis][];
  const names = Object.keys(kinematics.pseudos) as Pseudo[];
  const infinite: Limits = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const limits = new Map<string, Limits>(names.map((name) => [name, kinematics.pseudos[name].limits ?? infinite]));
  const asked = new Map<string, number>();
  const all = async (of: (axis: Axis) => Promise<number>) =>
    Object.fromEntries(await Promise.all(reals.map(async ([key, axis]) => [key, await of(axis)]))) as Positions<Real>;
  const sent = (options?: CallOptions) => all((axis) => axis.target(options));
  const pseudoNow = async (options?: CallOptions) => forward(await all((axis) => axis.position(options)));

  const group: AxisGroup = {
    async move(targets, options) {
      const now = await sent(options);
      const wanted = { ...forward(now), ...Object.fromEntries([...targets].map(([{ name }, to]) => [name, to])) };
      const where = inverse(wanted, now);
      for (const [axis, to] of targets) asked.set(axis.name, to);
      await moveTogether(new Map(reals.map(([key, axis]) => [axis, where[key]])), options);
    },
    async realPositions(axes, positions, options) {
      const now = await sent(options);
      const still = forward(now);
      const paths = new Map<Axis, Float64Array>(
        reals.map(([, axis]) => [axis, new Float64Array(positions[0]?.length ?? 0)]),
      );
      for (let point = 0; point < (positions[0]?.length ?? 0); point++) {
        const wanted = { ...still, ...Object.fromEntries(axes.map(({ name }, k) => [name, positions[k]![point]!])) };
        const where = inverse(wanted, now);
        for (const [key, axis] of reals) paths.get(axis)![point] = where[key];
      }
      return paths;
    },
  };
  const axis = (name: Pseudo): Axis => {
    const { unit, decimals } = kinematics.pseudos[name];
    const position = async (options?: CallOptions) => (await pseudoNow(options))[name];
    return {
      kind: "axis",
      name,
      ...(unit !== undefined && { unit }),
      ...(decimals !== undefined && { decimals }),
      reals: reals.map(([, real]) => real),
      group,
      position,
      dial: position,
      // What was asked, as long as nobody has moved the real axes since.
      target: async (options) => {
        const now = forward(await sent(options))[name];
        const last = asked.get(name);
        return last !== undefined && Math.abs(last - now) < 1e-9 * Math.max(1, Math.abs(now)) ? last : now;
      },
      limits: async () => limits.get(name)!,
      move: async (to, options) => {
        await group.move(new Map([[made[name]!, to]]), options);
        return position(options);
      },
      stop: async (options) => void (await Promise.all(reals.map(([, real]) => real.stop(options)))),
      state: async (options) => {
        const states = await Promise.all(reals.map(([, real]) => real.state?.(options)));
        return states.some((state) => state?.includes("MOVING")) ? "MOVING" : "READY";
      },
      softLimits: { read: async () => limits.get(name)!, write: async (value) => void limits.set(name, value) },
    };
  };
  const made: Record<string, Axis> = {};
  for (const name of names) made[name] = axis(name);
  return made as { readonly [Name in Pseudo]: Axis<Name> };
}
