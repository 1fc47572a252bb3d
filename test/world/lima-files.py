# SPDX-License-Identifier: MIT
# Reads frames with fabio or h5py. Arguments: files. Prints for each its type, its shape and its pixels.
import json
import sys

import fabio
import h5py

report = []
for path in sys.argv[1:]:
    if path.endswith(".h5"):
        with h5py.File(path, "r") as file:
            frames = list(file["/entry_0000/id00/cam/data"][()])
            headers = {key: value[()].decode() for key, value in file["/entry_0000/id00/cam/header"].items()}
    else:
        image = fabio.open(path)
        frames = [image.get_frame(i).data for i in range(image.nframes)]
        headers = dict(image.header)
    report.append(
        {
            "dtype": str(frames[0].dtype),
            "shape": list(frames[0].shape),
            "frames": [frame.ravel().tolist() for frame in frames],
            "headers": headers,
        }
    )
print(json.dumps(report))
