# SPDX-License-Identifier: MIT
# A client of any camera behind LimaCCDs: acquires as a scan does and prints as JSON what it got.
# Arguments: LimaCCDs device, frames, exposure (s), trigger mode.
import json
import struct
import sys
import time
import zlib

import tango

camera = tango.DeviceProxy(sys.argv[1])
camera.set_timeout_millis(20000)
frames, exposure, trigger = int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]


def until(condition):
    deadline = time.time() + 30
    while not condition():
        if camera.acq_status == "Fault":
            raise RuntimeError(camera.acq_status_fault_error)
        if time.time() > deadline:
            raise TimeoutError(f"{camera.acq_status}, frame {camera.last_image_ready}")
        time.sleep(0.005)


camera.acq_trigger_mode = trigger
camera.acq_nb_frames = frames
camera.acq_expo_time = exposure
camera.prepareAcq()
if trigger == "INTERNAL_TRIGGER_MULTI":
    for frame in range(frames):
        camera.startAcq()
        until(lambda: camera.last_image_ready >= frame)
else:
    camera.startAcq()
    until(lambda: camera.last_image_ready >= frames - 1)
until(lambda: camera.acq_status == "Ready")

report = {
    "type": camera.lima_type,
    "model": camera.camera_model,
    "image": camera.image_type,
    "sizes": [int(size) for size in camera.image_sizes],
    "frames": [],
}
for frame in range(frames):
    kind, data = camera.readImage(frame)
    width, height = struct.unpack_from("<HH", data, 20)
    depth = (len(data) - 80) // (width * height)
    pixels = struct.unpack_from("<4" + {1: "B", 2: "H", 4: "i"}[depth], data, 80)
    report["frames"].append([width, height, list(pixels), zlib.crc32(data[80:])])
print(json.dumps(report))
