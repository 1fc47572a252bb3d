// SPDX-License-Identifier: MIT

/** Wall-clock time in milliseconds with fractions: the steady clock, set again whenever the system's clock is moved. */
export class Clock {
  #offset = performance.timeOrigin;

  now(): number {
    const steady = this.#offset + performance.now();
    const wall = Date.now();
    if (Math.abs(steady - wall) < 20) return steady;
    this.#offset += wall - steady;
    return wall;
  }
}
