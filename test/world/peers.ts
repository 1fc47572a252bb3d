// SPDX-License-Identifier: MIT
// Which real peers this machine has. A missing one skips the tests that need it, with the reason; with CI set it fails.
import { spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";

/** Where `test/world/install-peers.sh` puts the peers that come from PyPI. */
export const peersFolder = process.env.BANDONEON_PEERS ?? join(homedir(), ".cache/bandoneon/peers");
/** Python with PyTango 10.3.1, blissdata, h5py. */
export const python = process.env.BANDONEON_PYTHON ?? join(peersFolder, "bin/python");
/** Python with icepap 3.14 and its simulator, which must not meet the packages of the others. */
export const icepapPython = process.env.BANDONEON_ICEPAP_PYTHON ?? join(peersFolder, "icepap/bin/python");
/** Python with ophyd-async. */
export const ophydPython = process.env.BANDONEON_OPHYD_PYTHON ?? join(peersFolder, "ophyd/bin/python");
/** Debian's Python, whose PyTango is 9.3.6. */
export const debianPython = "/usr/bin/python3";
/** Python with tickit-devices, emulators of detectors; in an environment of its own, for its old dependencies. */
export const tickit = process.env.BANDONEON_TICKIT ?? join(python, "../../tickit/bin/python");
/** The jars of the Java client. */
export const jtangoFolder = join(peersFolder, "jtango");
/** Python with SeaBreeze, the library of Ocean Optics. */
export const seabreezePython = process.env.BANDONEON_SEABREEZE_PYTHON ?? join(peersFolder, "seabreeze/bin/python");
/** Where BLISS 2.4 is, with the many packages it wants in certain versions. */
export const blissFolder = join(peersFolder, "bliss");
/** Where dsconfig is: json2tango, tango2json. */
export const dsconfigFolder = join(peersFolder, "dsconfig");
/** Python with Taurus, without its windows. */
export const taurusPython = process.env.BANDONEON_TAURUS_PYTHON ?? join(peersFolder, "taurus/bin/python");
/** Python with programs that know NeXus: nexusformat, nxvalidate, punx, silx. */
export const nexusPython = process.env.BANDONEON_NEXUS_PYTHON ?? join(peersFolder, "nexus/bin/python");
/** Where Sardana's Pool is, with the controllers of sardana-tango. */
export const sardanaFolder = join(peersFolder, "sardana");
/** Builds of HDF5 by version, each for one thread. */
export const hdf5Libraries = (): Readonly<Record<string, string | undefined>> => ({
  "1.12": firstFile("hdf5/1.12.2/libhdf5.so.*"),
  "1.14": firstFile("hdf5/1.14.3/libhdf5.so.*"),
  "2.0": firstFile("lib/python3.*/site-packages/h5py.libs/libhdf5-*.so*"),
});
const firstFile = (pattern: string): string | undefined =>
  globSync(pattern, { cwd: peersFolder }).map((path) => join(peersFolder, path))[0];
export const redisStackFolder = join(peersFolder, "redis-stack");

const imports = (interpreter: string, modules: string, check = "True"): boolean =>
  existsSync(interpreter) &&
  spawnSync(interpreter, ["-c", `import ${modules}\nassert ${check}`], { timeout: 60_000 }).status === 0;
const executables = (...paths: string[]): boolean => paths.every((path) => existsSync(path));

const probes = {
  "PyTango 10.3": () => imports(python, "tango", "tango.Release.version.startswith('10.')"),
  "PyTango 9.3": () => imports(debianPython, "tango", "tango.Release.version.startswith('9.3')"),
  "DataBaseds on MariaDB": () =>
    executables(
      "/usr/lib/tango/DataBaseds",
      "/usr/sbin/mariadbd",
      "/usr/share/dbconfig-common/data/tango-db/install/mysql",
    ),
  "a C++ compiler and libtango": () =>
    executables("/usr/bin/g++") && spawnSync("pkg-config", ["--exists", "tango"], { stdio: "ignore" }).status === 0,
  TangoTest: () => executables("/usr/lib/tango/TangoTest"),
  TangoAccessControl: () => executables("/usr/lib/tango/TangoAccessControl"),
  Starter: () => executables("/usr/lib/tango/Starter"),
  tango_admin: () => executables("/usr/bin/tango_admin"),
  blissdata: () => imports(python, "blissdata.redis_engine.store"),
  "blissdata-lima2": () => imports(python, "blissdata_lima2"),
  blisswriter: () => imports(python, "blisswriter"),
  JTango: () => executables("/usr/bin/java", jtangoFolder),
  icepap: () => imports(icepapPython, "icepap, sinstruments"),
  "Google's protocol buffers": () => imports(debianPython, "google.protobuf"),
  SeaBreeze: () => imports(seabreezePython, "seabreeze.cseabreeze"),
  "ophyd-async": () => imports(ophydPython, "ophyd_async.tango.core"),
  BLISS: () => executables(join(blissFolder, "bin/beacon-server")),
  dsconfig: () => executables(join(dsconfigFolder, "bin/json2tango"), join(dsconfigFolder, "bin/tango2json")),
  Taurus: () => imports(taurusPython, "taurus, tango"),
  NeXus: () =>
    imports(nexusPython, "nexusformat, punx, silx, importlib.util", "importlib.util.find_spec('nxvalidate')"),
  Sardana: () => imports(join(sardanaFolder, "bin/python"), "sardana_tango.ctrl"),
  h5py: () => imports(python, "h5py"),
  "HDF5 1.12, 1.14 and 2.0": () => Object.values(hdf5Libraries()).every((path) => path !== undefined),
  aravis: () => executables("/usr/bin/arv-fake-gv-camera-0.8", "/usr/bin/arv-camera-test-0.8", "/usr/bin/arv-tool-0.8"),
  fabio: () => imports(python, "fabio"),
  "tickit-devices": () => imports(tickit, "tickit_devices"),
  "Redis Stack": () => executables(join(redisStackFolder, "bin/redis-server")),
  redis: () => executables("/usr/bin/redis-server"),
  // A container may have no pseudo-terminals.
  "a terminal": () => spawnSync("script", ["-qec", "true", "/dev/null"], { stdio: "ignore" }).status === 0,
} satisfies Record<string, () => boolean>;
export type Peer = keyof typeof probes;

const known = new Map<Peer, boolean>();

export function has(peer: Peer): boolean {
  let answer = known.get(peer);
  if (answer === undefined) known.set(peer, (answer = probes[peer]()));
  return answer;
}

/**
 * `describe` for tests that need `peers`: skipped with the reason on a user's machine, failing in CI.
 * @throws in CI when one is missing, so that a green run there means every peer was met.
 */
export function describeWith(peers: readonly Peer[], name: string, tests: () => void): void {
  const missing = peers.filter((peer) => !has(peer));
  if (missing.length === 0) return void describe(name, tests);
  const reason = `needs ${missing.join(", ")}: run test/world/install-peers.sh`;
  if (process.env.CI) throw new Error(`${name} ${reason}`);
  console.log(`skipped: ${name} ${reason}`);
  describe.skip(`${name} (${reason})`, tests);
}
