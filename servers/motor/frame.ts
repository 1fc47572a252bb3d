// SPDX-License-Identifier: MIT
// The three ways to say where an axis is: user = sign x dial + offset, dial = steps / stepsPerUnit.

export type Limits = readonly [low: number, high: number];
export const noLimits: Limits = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

export interface Frame {
  readonly sign: 1 | -1;
  /** Units. */
  readonly offset: number;
  /** Steps of the controller in one unit; negative turns the dial against the controller. */
  readonly stepsPerUnit: number;
}

export const userOfDial = ({ sign, offset }: Frame, dial: number): number => sign * dial + offset;
export const dialOfUser = ({ sign, offset }: Frame, user: number): number => sign * (user - offset);
export const dialOfSteps = ({ stepsPerUnit }: Frame, steps: number): number => steps / stepsPerUnit;
export const stepsOfDial = ({ stepsPerUnit }: Frame, dial: number): number => Math.round(dial * stepsPerUnit);
export const userOfSteps = (frame: Frame, steps: number): number => userOfDial(frame, dialOfSteps(frame, steps));
export const stepsOfUser = (frame: Frame, user: number): number => stepsOfDial(frame, dialOfUser(frame, user));

/** +1 when more steps are more user units, -1 when they are less. */
export const direction = ({ sign, stepsPerUnit }: Frame): 1 | -1 => (sign * stepsPerUnit < 0 ? -1 : 1);

/** Limits seen from the other side of a sign: still low before high. */
export const userLimits = (frame: Frame, [low, high]: Limits): Limits =>
  ordered(userOfDial(frame, low), userOfDial(frame, high));
export const dialLimits = (frame: Frame, [low, high]: Limits): Limits =>
  ordered(dialOfUser(frame, low), dialOfUser(frame, high));

const ordered = (a: number, b: number): Limits => (a <= b ? [a, b] : [b, a]);

/** The offset that makes `user` the position of an axis at `dial`. */
export const offsetFor = (frame: Frame, user: number, dial: number): number => user - frame.sign * dial;
