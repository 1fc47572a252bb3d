// SPDX-License-Identifier: MIT
// Motion in closed form: where an axis is and how fast it goes at any time, from constant-acceleration segments.

export interface Kinematic {
  readonly position: number;
  readonly velocity: number;
}

/** A motion from its start (t = 0, in seconds) on; after `duration` it rests at `end`. */
export interface Profile {
  /** Seconds; infinite for a jog. */
  readonly duration: number;
  /** Position after `duration`; infinite for a jog. */
  readonly end: number;
  at(seconds: number): Kinematic;
  /** First time at which the position reaches `position`, `undefined` when it never does. */
  timeOf(position: number): number | undefined;
}

export interface Speed {
  /** Units a second, positive. */
  readonly velocity: number;
  /** Units a second squared, positive. */
  readonly acceleration: number;
  /** Units a second: a ramp starts and ends at this speed (a stepper's start-stop rate). Default 0. */
  readonly firstVelocity?: number;
}

interface Segment {
  readonly duration: number;
  readonly velocity: number;
  readonly acceleration: number;
}
interface Placed extends Segment {
  readonly start: number;
  readonly from: number;
}

/**
 * The fastest motion to rest at `to` within `speed`: a trapezoid, or a triangle when there is no room to reach the
 * velocity. `velocity` is what the axis has at the start (signed): an axis that goes too fast, or away, first brakes.
 */
export function trapezoid(from: number, to: number, speed: Speed, velocity = 0): Profile {
  const { acceleration: a } = speed;
  const braked = from + (velocity * Math.abs(velocity)) / (2 * a);
  const tooFar = velocity * (to - braked) <= 0 && velocity !== 0;
  const segments = tooFar
    ? [brake(velocity, a), ...rampUpAndDown(to - braked, 0, speed)]
    : rampUpAndDown(to - from, velocity, speed);
  return fromSegments(from, segments, to);
}

/** Brakes from `velocity` to rest. */
export function stopping({ position, velocity }: Kinematic, acceleration: number): Profile {
  const end = position + (velocity * Math.abs(velocity)) / (2 * acceleration);
  return fromSegments(position, [brake(velocity, acceleration)], end);
}

/** Ramps from `velocity` to `target` (signed) and goes on for ever. */
export function jogging({ position, velocity }: Kinematic, target: number, acceleration: number): Profile {
  const ramp = Math.abs(target - velocity) / acceleration;
  const segments = [
    { duration: ramp, velocity, acceleration: Math.sign(target - velocity) * acceleration },
    { duration: Number.POSITIVE_INFINITY, velocity: target, acceleration: 0 },
  ];
  return fromSegments(position, segments, target === 0 ? position : target * Number.POSITIVE_INFINITY);
}

/** No motion. */
export const resting = (position: number): Profile => fromSegments(position, [], position);

const brake = (velocity: number, acceleration: number): Segment => ({
  duration: Math.abs(velocity) / acceleration,
  velocity,
  acceleration: -Math.sign(velocity) * acceleration,
});

/** `distance` and `velocity` have the same sign, and there is room to brake. */
function rampUpAndDown(
  distance: number,
  velocity: number,
  { velocity: top, acceleration: a, ...rest }: Speed,
): Segment[] {
  const sign = Math.sign(distance) || 1;
  const length = Math.abs(distance);
  const last = Math.min(rest.firstVelocity ?? 0, top);
  const first = Math.max(Math.abs(velocity), last);
  // Speed at the top of a triangle: v^2 - first^2 and v^2 - last^2, over 2a each, add up to the whole length.
  const triangle = Math.sqrt(Math.max(0, a * length + (first * first + last * last) / 2));
  const peak = first > top ? top : Math.min(top, triangle);
  const ramps = (Math.abs(peak * peak - first * first) + (peak * peak - last * last)) / (2 * a);
  const cruise = Math.max(0, length - ramps);
  return [
    { duration: Math.abs(peak - first) / a, velocity: sign * first, acceleration: sign * Math.sign(peak - first) * a },
    { duration: cruise === 0 ? 0 : cruise / peak, velocity: sign * peak, acceleration: 0 },
    { duration: length === 0 ? 0 : (peak - last) / a, velocity: sign * peak, acceleration: -sign * a },
  ];
}

function fromSegments(from: number, segments: readonly Segment[], end: number): Profile {
  let start = 0;
  let position = from;
  const placed: Placed[] = [];
  for (const segment of segments) {
    if (segment.duration <= 0) continue;
    placed.push({ ...segment, start, from: position });
    position = travelled(segment, segment.duration) + position;
    start += segment.duration;
  }
  const duration = start;
  return {
    duration,
    end,
    at(seconds) {
      if (seconds >= duration) return { position: end, velocity: 0 };
      const segment = placed.findLast((each) => each.start <= seconds);
      if (!segment) return { position: from, velocity: 0 };
      const t = seconds - segment.start;
      return { position: segment.from + travelled(segment, t), velocity: segment.velocity + segment.acceleration * t };
    },
    timeOf: (target) => (target === from ? 0 : firstCrossing(placed, target)),
  };
}

const travelled = ({ velocity, acceleration }: Segment, t: number): number =>
  velocity * t + (acceleration === 0 ? 0 : (acceleration * t * t) / 2);

/** Earliest time in any segment at which the position is `target`. */
function firstCrossing(segments: readonly Placed[], target: number): number | undefined {
  for (const { start, from, duration, velocity, acceleration } of segments) {
    const times = quadraticRoots(acceleration / 2, velocity, from - target).filter(
      (t) => t >= 0 && t <= duration * (1 + 1e-12),
    );
    if (times.length > 0) return start + Math.min(...times);
  }
  return undefined;
}

/** Real roots of a x^2 + b x + c, without cancellation. */
function quadraticRoots(a: number, b: number, c: number): number[] {
  if (a === 0) return b === 0 ? [] : [-c / b];
  const discriminant = b * b - 4 * a * c;
  if (discriminant < 0) return [];
  const q = -(b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
  return q === 0 ? [0] : [q / a, c / q];
}
