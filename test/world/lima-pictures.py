# SPDX-License-Identifier: MIT
# Judges the pictures of a LimaCCDs server with Pillow and PyTango: bvdata of the beam position monitor, JpegImage of the live
# viewer. Arguments: devices LimaCCDs, Simulator, Bpm, LiveViewer. Prints as JSON what it saw.
import base64
import io
import json
import struct
import sys
import time

import numpy
import tango
from PIL import Image

camera, simulator, bpm, viewer = (tango.DeviceProxy(name) for name in sys.argv[1:5])
report = {}


def until(condition, patience=10):
    deadline = time.time() + patience
    while not condition():
        if time.time() > deadline:
            raise TimeoutError(str([camera.acq_status, camera.acq_status_fault_error]))
        time.sleep(0.005)


def error_of(function, *args):
    try:
        function(*args)
    except tango.DevFailed as error:
        return error.args[0].desc
    return None


def acquire(frames=1):
    camera.acq_nb_frames = frames
    camera.prepareAcq()
    camera.startAcq()
    until(lambda: camera.acq_status in ("Ready", "Fault"))
    data = camera.readImage(frames - 1)[1]
    return numpy.frombuffer(data[80:], dtype="<u2").reshape(48, 64).astype(float)


def unpacked(value):
    fields = struct.unpack(value[0], value[1])
    return fields, Image.open(io.BytesIO(base64.b64decode(fields[-1])))


def far_from(picture, wanted):
    return float(numpy.abs(numpy.asarray(picture).astype(float) - wanted).max())


simulator.frame_dim = [64, 48, 2]
simulator.grow_factor = 0
simulator.peaks = [30, 20, 8, 4000]
camera.acq_expo_time = 0.001
camera.acq_nb_frames = 1
report["nothing yet"] = error_of(bpm.read_attribute, "bvdata")
bpm.jpeg_quality = 95
bpm.Start()
raw = acquire()
fields, picture = unpacked(bpm.read_attribute("bvdata").value)
time_, frame, x, y, intensity, highest, *region = fields[:10]
fwhm_x, fwhm_y, profile_x, profile_y, _ = fields[10:]
report["bvdata"] = [frame, round(x), round(y), intensity - raw.sum(), highest, region, round(fwhm_x), round(fwhm_y)]
report["profiles"] = [
    float(numpy.abs(numpy.frombuffer(profile_x, "<i8") - raw.sum(axis=0)).max()),
    float(numpy.abs(numpy.frombuffer(profile_y, "<i8") - raw.sum(axis=1)).max()),
]
span = raw.max() - raw.min()
report["grey"] = [picture.mode, picture.size, far_from(picture, 255 * (raw - raw.min()) / span) < 8]
bpm.lut_method = "LOG"
_, picture = unpacked(bpm.read_attribute("bvdata").value)
report["logarithmic"] = far_from(picture, 255 * numpy.log1p(raw - raw.min()) / numpy.log1p(span)) < 8
bpm.lut_method = "LINEAR"
bpm.autoscale = False
bpm.min_max = [1000, 2000]
_, picture = unpacked(bpm.read_attribute("bvdata").value)
report["fixed scale"] = far_from(picture, 255 * (numpy.clip(raw, 1000, 2000) - 1000) / 1000) < 60
bpm.color_map = True
bpm.return_bpm_profiles = False
fields, picture = unpacked(bpm.read_attribute("bvdata").value)
corner, top = picture.getpixel((0, 47)), picture.getpixel((30, 20))
report["coloured"] = [picture.mode, corner[2] > 100 > corner[0], top[0] > 100 > top[2], len(fields[12]), len(fields[13])]
report["bad quality"] = error_of(setattr, bpm, "jpeg_quality", 0)
bpm.automaticaoi = True
acquire()
report["near the beam"] = [round(bpm.x), round(bpm.y), 0.9 < bpm.intensity / raw.sum() <= 1]
bpm.automaticaoi = False
bpm.TakeBackground()
acquire()
report["background"] = [bpm.HasBackground(), bpm.intensity, bpm.x, bpm.fwhm_x]
bpm.ResetBackground()
bpm.calibration = [2.0, 3.0]
acquire()
report["calibrated"] = [bpm.HasBackground(), round(bpm.x), round(bpm.y)]
events = []
bpm.subscribe_event("bvdata", tango.EventType.CHANGE_EVENT, lambda event: events.append(event), [], True)
simulator.mode = "GENERATOR"
camera.acq_expo_time = 0.01
acquire(30)
until(lambda: any(not event.err and event.attr_value.value for event in events))
heard = [unpacked(event.attr_value.value)[0][1] for event in events if not event.err and event.attr_value.value[1]]
report["events"] = [len(heard) >= 2, heard == sorted(heard), len(heard) < 12]
bpm.Stop()

report["viewer off"] = str(viewer.state())
viewer.Exposure = 0.01
viewer.FrameRate = 50
viewer.JpegQuality = 95
viewer.Start()
report["viewer on"] = str(viewer.state())
until(lambda: viewer.ImageCounter > 2)
report["start twice"] = error_of(viewer.Start)
jpeg = viewer.read_attribute("JpegImage").value
report["jpeg"] = [jpeg[0], Image.open(io.BytesIO(jpeg[1])).mode, Image.open(io.BytesIO(jpeg[1])).size]
encoded = viewer.read_attribute("JpegImage", extract_as=tango.ExtractAs.Nothing)
decoded = tango.EncodedAttribute().decode_gray8(encoded, extract_as=tango.ExtractAs.Numpy)
report["decoded by PyTango"] = far_from(decoded, 255 * raw / raw.max()) < 8
pixels = viewer.read_attribute("Image").value
report["image"] = [list(pixels.shape), str(pixels.dtype), float(numpy.abs(pixels - raw).max()), viewer.Depth]
viewer.Stop()
until(lambda: viewer.state() == tango.DevState.OFF)
report["stopped"] = camera.acq_status
viewer.Roi = [10, 5, 20, 30]
viewer.Frames = 1
viewer.Start()
until(lambda: viewer.state() == tango.DevState.OFF)
report["region"] = list(viewer.read_attribute("Image").value.shape)
report["no such region"] = error_of(setattr, viewer, "Roi", [60, 5, 20, 30])
viewer.ResetRoi()
report["whole"] = [int(value) for value in camera.image_roi]
viewer.ExternalTrigger = True
viewer.Start()
simulator.trigExternal()
until(lambda: viewer.state() == tango.DevState.OFF)
report["triggered"] = viewer.ImageCounter
viewer.Reset()
report["reset"] = [viewer.Exposure, viewer.Frames, viewer.ExternalTrigger, error_of(setattr, viewer, "Gain", 0.5)]
print(json.dumps(report, default=lambda value: value.item()))
