# Seconds h5py needs to write frames: image-files.py FOLDER FRAMES none|bslz4 ROUNDS; prints the best.
import sys
import time

import h5py
import hdf5plugin
import numpy

folder, frames, compression, rounds = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
size = 2048
# The picture of the simulator: a gaussian of width 100 and height 1000 in the middle.
place = numpy.arange(size)
profile = numpy.exp(-((place - 1024) ** 2) / (2 * 42.466**2))
frame = (1000 * profile[:, None] * profile[None, :]).astype("uint16")
filters = hdf5plugin.Bitshuffle(nelems=0, cname="lz4") if compression == "bslz4" else {}
best = 1e9
for turn in range(rounds):
    start = time.perf_counter()
    with h5py.File(f"{folder}/h5py-{compression}-{turn}.h5", "w") as file:
        data = file.create_dataset("data", (0, size, size), "uint16", maxshape=(None, size, size), chunks=(1, size, size), **filters)
        for i in range(frames):
            data.resize(i + 1, axis=0)
            data[i] = frame
    best = min(best, time.perf_counter() - start)
print(best)
