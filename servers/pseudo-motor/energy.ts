// SPDX-License-Identifier: MIT
// The energy of a Bragg monochromator: E = hc / (2 d sin(theta)).
import type { Geometry, Parameters } from "./geometry.ts";

/** keV x angstrom: h c of the SI's exact constants. */
const HC = 12.398419843320026;
const radians = Math.PI / 180;

/** Parameter `d`: spacing of the lattice planes in angstrom (Si 111: 3.1356). The real axis is theta, in degrees. */
export function energy(parameters: Parameters): Geometry {
  const [d] = parameters.get("d") ?? [];
  if (d === undefined || !(d > 0))
    throw new RangeError(
      "geometry energy needs the parameter d, the spacing of the lattice planes in angstrom: d=3.1356",
    );
  return {
    axes: ["energy"],
    reals: ["theta"],
    units: { energy: "keV" },
    toPseudo: ([theta = 0]) => [HC / (2 * d * Math.sin(theta * radians))],
    toReal: ([keV = 0]) => [Math.asin(HC / (2 * d * keV)) / radians],
  };
}
