// SPDX-License-Identifier: MIT
// A restart storm of a hundred lives: node test/soak/client-storm.ts [lives, default 100]
// Every caller's error must be a DevFailed, every subscriber must resume without a gap, nothing may be left behind.
import { restartStorm } from "../world/restart-storm.ts";
import { tangoStack } from "../world/tango-stack.ts";

await using stack = await tangoStack({ tangoTest: false });
const result = await restartStorm(stack, {
  lives: Number(process.argv[2] ?? 100),
  width: 20,
  onLife: (life, counts) => life % 10 === 0 && console.log(`${life} restarts`, counts),
});
console.log(result);
const { before, after, gaps, feeds } = result;
if (gaps > 0 || feeds > 0 || after.heap > before.heap + 8e6 || after.descriptors > before.descriptors + 4) {
  console.error("the storm left something behind");
  process.exitCode = 1;
}
