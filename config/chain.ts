// SPDX-License-Identifier: MIT
// How devices are used in every scan: the entries of `chain`, checked against the objects.
import type { ChainSetting } from "../scanning/index.ts";
import type { ConfiguredObject } from "./load.ts";
import type { Place, Problem } from "./problem.ts";
import { suggestion } from "./words.ts";

export interface ConfiguredChain {
  readonly setting: ChainSetting;
  readonly place: Place;
}

/** Devices that are not there, have no trigger, or are told twice. */
export function checkChain(
  chain: readonly ConfiguredChain[],
  objects: ReadonlyMap<string, ConfiguredObject>,
): Problem[] {
  const triggered = [...objects].flatMap(([name, { spec }]) =>
    /^(camera|spectrometer)$/.test(spec.kind) ? [name] : [],
  );
  const problem = (name: string, what: string): string[] => {
    const kind = objects.get(name)?.spec.kind;
    if (kind === undefined) return [`${what} ${name} is no object${suggestion(name, triggered)}`];
    return triggered.includes(name) || (what === "master" && kind === "gate")
      ? []
      : [`${what} ${name} is a ${kind}: only cameras and spectrometers are triggered`];
  };
  return chain.flatMap(({ setting: { device, master }, place }, i) => {
    const twice = chain.findIndex(({ setting }) => setting.device === device) !== i;
    const messages = [
      ...problem(device, "device"),
      ...(master === undefined ? [] : problem(master, "master")),
      ...(twice ? [`device ${device} is told twice`] : []),
    ];
    return messages.map((message) => ({ place, message: `chain: ${message}` }));
  });
}
