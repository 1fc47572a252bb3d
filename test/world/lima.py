# SPDX-License-Identifier: MIT
# Uses a LimaCCDs server as a beamline's scan does, call by call, and prints as JSON what it saw.
# Arguments: LimaCCDs device, its RoiCounter device, its Simulator device, folder for the frames, file format.
import json
import struct
import sys
import time

import tango

camera, counter, simulator = (tango.DeviceProxy(name) for name in sys.argv[1:4])
folder, file_format = sys.argv[4:6]
report = {}


def poll():
    names = ["acq_status", "ready_for_next_image", "buffer_max_number", "last_image_acquired"]
    names += ["last_image_ready", "last_counter_ready", "last_image_saved"]
    return dict(zip(names, (reading.value for reading in camera.read_attributes(names))))


def until_ready():
    deadline = time.time() + 20
    while time.time() < deadline:
        state = poll()
        if state["acq_status"].lower() in ("ready", "fault"):
            return state
        time.sleep(0.01)
    raise TimeoutError(str(poll()))


def error_of(function, *args):
    try:
        function(*args)
    except tango.DevFailed as error:
        return [error.args[0].reason, error.args[0].desc]
    return None


report["version"] = camera.lima_version
enums = {}
for config in camera.attribute_list_query():
    if config.data_type == tango.CmdArgType.DevString and config.data_format == tango.AttrDataFormat.SCALAR:
        enums[config.name] = list(camera.getAttrStringValueList(config.name))
report["enums"] = {name: values for name, values in enums.items() if values}
report["plugins"] = [camera.getPluginDeviceNameFromType(kind) for kind in ("roicounter", "Simulator", "mask")]

simulator.frame_dim = [40, 30, 2]
simulator.fill_type = "GAUSS"
simulator.grow_factor = 0
simulator.peaks = [10, 20, 4, 1000]
camera.user_instrument_name = "id00"
camera.user_detector_name = "basler"
camera.saving_format = file_format
camera.saving_frame_per_file = 100
camera.saving_managed_mode = "SOFTWARE"
camera.image_bin_mode = "SUM"
camera.image_bin = [1, 1]
camera.image_flip = [False, False]
camera.image_rotation = "NONE"
camera.image_roi = [0, 0, 0, 0]

points = 3
report["not prepared"] = error_of(camera.startAcq)
report["no image"] = error_of(camera.readImage, -1)
camera.acq_mode = "SINGLE"
camera.acq_nb_frames = points
camera.acq_expo_time = 0.01
camera.acq_trigger_mode = "INTERNAL_TRIGGER_MULTI"
camera.latency_time = 0
camera.saving_mode = "AUTO_FRAME"
camera.saving_directory = folder
camera.saving_prefix = "cam_"
camera.video_source = "LAST_IMAGE"
counter.clearAllRois()
report["off"] = error_of(counter.addNames, ["r1"])
counter.Start()
ids = [int(value) for value in counter.addNames(["r1", "a1"])]
counter.setRois([ids[0], 5, 15, 11, 11])
counter.setArcRois([ids[1], 10, 20, 0, 3, 0, 360])
camera.video_active = True
camera.prepareAcq()
report["nothing yet"] = [float(value) for value in counter.readCounters(0)]
report["sizes"] = [int(value) for value in camera.image_sizes]
states = []
for _ in range(points):
    camera.startAcq()
    states.append(until_ready())
report["states"] = states
report["extra start"] = error_of(camera.startAcq)

rows = [float(value) for value in counter.readCounters(0)]
report["counters"] = [rows[i : i + 7] for i in range(0, len(rows), 7)]
kind, data = camera.readImage(2)
names = "magic version length category dtype endian ndim".split()
header = dict(zip(names, struct.unpack_from("<IHHIIHH", data)))
header["dims"] = struct.unpack_from("<6H", data, 20)
header["steps"] = struct.unpack_from("<6I", data, 32)
header["frame"], header["tag"] = struct.unpack_from("<QQ", data, 56)
pixels = struct.unpack_from("<%dH" % (40 * 30), data, 80)
report["image"] = {"format": kind, "header": header, "peak": pixels[20 * 40 + 10], "bytes": len(data)}
kind, data = camera.video_last_image
report["video"] = {"format": kind, "header": struct.unpack_from("!IHHqiiHHHH", data), "bytes": len(data)}
kind, data = camera.readImageSeq([0, 3])
report["stack"] = [struct.unpack_from("<I", data, 8)[0], list(struct.unpack_from("<3H", data, 20)), len(data)]
camera.stopAcq()
counter.Stop()
report["refused"] = {
    "mode": error_of(setattr, camera, "acq_mode", "nothing"),
    "roi": error_of(setattr, camera, "image_roi", [30, 0, 20, 10]),
}
camera.saving_next_number = 0
report["overwrite"] = error_of(camera.prepareAcq)
print(json.dumps(report))
