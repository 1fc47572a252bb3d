// SPDX-License-Identifier: MIT
import { defineConfig } from "vitest/config";

const folder = (name: string, more: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...more },
});

// A real peer has its own moods (an event lost while ZeroMQ still connects, a slow start): a test with peers that fails is
// run once more, and the report says so. Tests without peers have one try.
const withPeers = { retry: 1, hookTimeout: 120_000 };

// Each folder of test/ is one project, so that `vitest --project unit` runs what needs no peer and no process.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    pool: "forks",
    // How fast a test is depends on what else the machine does: this bound is for tests that hang.
    testTimeout: 60_000,
    // Tests with peers mostly wait for them: more files at once than this many would only disturb each other.
    maxWorkers: 3,
    projects: [
      folder("unit"),
      folder("vectors"),
      folder("types"),
      folder("interop", withPeers),
      folder("e2e", { ...withPeers, testTimeout: 120_000, fileParallelism: false }),
    ],
  },
});
