# SPDX-License-Identifier: MIT
# Computes the pictures of LIMA's simulator with numpy and compares. Arguments: devices LimaCCDs, Simulator. Prints as JSON the
# largest difference of each, in counts.
import json
import sys
import time

import numpy
import tango

camera, simulator = tango.DeviceProxy(sys.argv[1]), tango.DeviceProxy(sys.argv[2])
width, height = 160, 120
column, row = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
report = {}


def acquire(frames):
    camera.acq_nb_frames = frames
    camera.prepareAcq()
    camera.startAcq()
    deadline = time.time() + 20
    while camera.acq_status != "Ready":
        if time.time() > deadline or camera.acq_status == "Fault":
            raise TimeoutError(camera.acq_status_fault_error)
        time.sleep(0.005)
    data = camera.readImageSeq([0, frames])[1]
    depth = simulator.frame_dim[2]
    return numpy.frombuffer(data[80:], dtype=f"<u{depth}").reshape(frames, height, width).astype(float)


def gauss(x, y, fwhm, highest):
    sigma = 0.4246609 * fwhm
    return highest * numpy.exp(-((column - x) ** 2 + (row - y) ** 2) / (2 * sigma**2))


def difference(frames, wanted):
    return max(float(numpy.abs(frame - numpy.floor(each + 1e-6)).max()) for frame, each in zip(frames, wanted))


def rings(picture, x, y):
    r = numpy.hypot(column - x, row - y)
    w = 2 * numpy.pi / 100 * (0.5 + r / 500)
    envelope = numpy.exp(-((numpy.maximum(r - 300, 0) / 500) ** 4)) / (r / 5000 + 0.1)
    return picture * envelope * numpy.cos(r * w) ** 20


camera.acq_expo_time = 0.001
simulator.frame_dim = [width, height, 4]
simulator.rotation_axis = "STATIC"
simulator.grow_factor = 0.5
simulator.peaks = [40, 30, 20, 1000, 120, 90, 10, 4000]
both = gauss(40, 30, 20, 1000) + gauss(120, 90, 10, 4000)
report["peaks that grow"] = difference(acquire(3), [both, 1.5 * both, 2 * both])
simulator.frame_dim = [width, height, 1]
simulator.peaks = [40, 30, 20, 200]
report["saturated"] = difference(acquire(2), [gauss(40, 30, 20, 200), numpy.minimum(1.5 * gauss(40, 30, 20, 200), 255)])
simulator.frame_dim = [width, height, 4]
simulator.grow_factor = 0
simulator.fill_type = "DIFFRACTION"
simulator.peaks = [80, 60, 100, 1000]
simulator.diffraction_pos = [80, 60]
simulator.diffraction_speed = [3, 2]
peak = gauss(80, 60, 100, 1000)
report["rings that move"] = difference(acquire(2), [rings(peak, 80, 60), rings(peak, 83, 62)])
simulator.fill_type = "EMPTY"
report["nothing"] = float(acquire(1).max())
simulator.fill_type = "GAUSS"
simulator.peaks = [120, 30, 20, 1000]
simulator.rotation_axis = "ROTATIONY"
simulator.rotation_speed = 60
turned = [gauss(80 + int(40 * numpy.cos(numpy.radians(60 * i)) + 1e-9), 30, 20, 1000) for i in range(3)]
report["turned about y"] = difference(acquire(3), turned)
simulator.rotation_axis = "ROTATIONX"
turned = [gauss(120, 60 + int(-30 * numpy.cos(numpy.radians(60 * i)) - 1e-9), 20, 1000) for i in range(3)]
report["turned about x"] = difference(acquire(3), turned)
simulator.mode = "GENERATOR_PREFETCH"
simulator.nb_prefetched_frames = 2
report["prefetched, again and again"] = difference(acquire(3), [turned[0], turned[1], turned[0]])
print(json.dumps(report))
