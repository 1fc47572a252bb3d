# SPDX-License-Identifier: MIT
# The frames of tickit's Eiger as hdf5plugin decompresses them. `blobs FOLDER` (in tickit's environment) writes the compressed
# bytes of both streams; `sums FOLDER` (where h5py and hdf5plugin are) prints the SHA-256 of the pixels of each.
import sys

what, folder = sys.argv[1:]
if what == "blobs":
    import cbor2
    from pathlib import Path
    from tickit_devices.eiger.data import dummy_image

    legacy = dummy_image.dummy_image_blob()
    data = Path(dummy_image.__file__).parent / "stream2" / "image.cbor"
    image = cbor2.loads(data.read_bytes())
    (channel,) = image["data"].values()
    packed = channel.value[1].value.value[2]
    for name, blob in (("legacy", legacy), ("cbor", packed)):
        Path(folder, name).write_bytes(blob)
else:
    import hashlib
    import json
    import h5py
    import hdf5plugin

    sums = {}
    for name in ("legacy", "cbor"):
        with open(f"{folder}/{name}", "rb") as file, h5py.File(f"{folder}/{name}.h5", "w") as h5:
            bitshuffle = hdf5plugin.Bitshuffle(nelems=0, cname="lz4")
            data = h5.create_dataset("data", (4362, 4148), "uint16", chunks=(4362, 4148), **bitshuffle)
            data.id.write_direct_chunk((0, 0), file.read())
            sums[name] = hashlib.sha256(data[()].tobytes()).hexdigest()
    print(json.dumps(sums))
