// SPDX-License-Identifier: MIT
// The pictures of the simulated camera are those of LIMA's formulas, worked out by numpy.
import { join } from "node:path";
import { expect, test } from "vitest";
import { answerOf } from "../world/answers.ts";
import { localLima } from "../world/lima-local.ts";
import { describeWith, python } from "../world/peers.ts";

describeWith(["PyTango 10.3"], "the simulated camera", () => {
  test("peaks, growth, saturation, rings, rotation, prefetched frames", async () => {
    await using world = await localLima();
    const devices = ["limaccds", "simulator"].map((family) => world.server.trl(`a/${family}/1`));
    const script = join(import.meta.dirname, "../world/lima-simulator.py");
    // One count where rounding falls the other way.
    const nearly = expect.toSatisfy((difference: number) => difference <= 1, "at most one count");
    expect(await answerOf(python, [script, ...devices], "")).toEqual({
      ...{ "peaks that grow": nearly, saturated: nearly, "rings that move": nearly, nothing: 0 },
      ...{ "turned about y": nearly, "turned about x": nearly, "prefetched, again and again": nearly },
    });
  });
});
