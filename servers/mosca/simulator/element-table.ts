// SPDX-License-Identifier: MIT
// Characteristic X-ray lines: energy in eV and relative intensity (X-ray Data Booklet, LBNL/PUB-490, table 1-2 and 1-3;
// K beta lines summed, L lines summed by family).

type Line = readonly [energy: number, intensity: number];
const k = (alpha: number, beta: number): readonly Line[] => [
  [alpha, 100],
  [beta, 17],
];
const l = (alpha: number, beta: number, gamma: number): readonly Line[] => [
  [alpha, 100],
  [beta, 66],
  [gamma, 10],
];

export const elements: Readonly<Record<string, readonly Line[]>> = {
  Si: k(1740, 1836),
  S: k(2308, 2464),
  Cl: k(2622, 2816),
  K: k(3314, 3590),
  Ca: k(3692, 4013),
  Ti: k(4511, 4932),
  V: k(4952, 5427),
  Cr: k(5415, 5947),
  Mn: k(5899, 6490),
  Fe: k(6404, 7058),
  Co: k(6930, 7649),
  Ni: k(7478, 8265),
  Cu: k(8048, 8905),
  Zn: k(8639, 9572),
  Ga: k(9252, 10264),
  Ge: k(9886, 10982),
  As: k(10544, 11726),
  Se: k(11222, 12496),
  Br: k(11924, 13291),
  Sr: k(14165, 15836),
  Y: k(14958, 16738),
  Zr: k(15775, 17668),
  Mo: k(17479, 19608),
  Ag: k(22163, 24942),
  Cd: k(23174, 26096),
  Sn: k(25271, 28486),
  W: l(8398, 9672, 11286),
  Pt: l(9442, 11071, 12942),
  Au: l(9713, 11442, 13382),
  Hg: l(9989, 11823, 13830),
  Pb: l(10552, 12614, 14764),
};
