# SPDX-License-Identifier: MIT
# Triggers, accumulation, video, configurations, headers, events and saving faults of a LimaCCDs server, through PyTango.
# Arguments: LimaCCDs device, its Simulator device, folder. Prints as JSON what it saw.
import json
import os
import shutil
import struct
import sys
import time

import fabio
import tango

camera, simulator, folder = tango.DeviceProxy(sys.argv[1]), tango.DeviceProxy(sys.argv[2]), sys.argv[3]
report = {}


def until(condition, patience=10):
    deadline = time.time() + patience
    while not condition():
        if time.time() > deadline:
            raise TimeoutError(f"{camera.acq_status}, {camera.last_image_ready} ready, {camera.acq_status_fault_error}")
        time.sleep(0.005)


def ended():
    return camera.acq_status in ("Ready", "Fault")


def pixel(frame, x, y, kind="H"):
    data = camera.readImage(frame)[1]
    width, size = struct.unpack_from("<H", data, 20)[0], struct.calcsize(kind)
    return struct.unpack_from("<" + kind, data, 80 + size * (y * width + x))[0]


def error_of(function, *args):
    try:
        function(*args)
    except tango.DevFailed as error:
        return error.args[0].desc
    return None


simulator.frame_dim = [40, 30, 2]
simulator.grow_factor = 0
simulator.peaks = [10, 20, 4, 1000]

# External triggers: one edge a frame, then one edge for all.
camera.acq_expo_time = 0.01
camera.acq_nb_frames = 2
camera.acq_trigger_mode = "EXTERNAL_TRIGGER_MULTI"
camera.prepareAcq()
camera.startAcq()
time.sleep(0.1)
before = camera.last_image_ready
simulator.trigExternal()
until(lambda: camera.last_image_ready == 0)
time.sleep(0.1)
between = camera.last_image_ready
simulator.trigExternal()
until(ended)
report["one edge a frame"] = [before, between, camera.last_image_ready]
camera.acq_trigger_mode = "EXTERNAL_TRIGGER"
camera.prepareAcq()
camera.startAcq()
simulator.trigExternal()
until(ended)
report["one edge for all"] = camera.last_image_ready
report["no such trigger"] = error_of(setattr, camera, "acq_trigger_mode", "EXTERNAL_NEVER")

# Edges that end exposures too: the last frame after each of them.
for mode, wanted in (
    ("EXTERNAL_GATE", [-1, 0, 0, 1]),
    ("EXTERNAL_START_STOP", [-1, 0, 0, 1]),
    ("EXTERNAL_TRIGGER_READOUT", [-1, 0, 1]),
):
    camera.acq_trigger_mode = mode
    camera.prepareAcq()
    camera.startAcq()
    report[mode] = []
    for last in wanted:
        simulator.trigExternal()
        until(lambda: camera.last_image_ready >= last)
        report[mode].append(camera.last_image_ready)
    until(ended)

# Accumulation: 0.05 s in exposures of at most 0.02 s.
camera.acq_trigger_mode = "INTERNAL_TRIGGER"
report["not accumulating"] = [camera.acc_nb_frames, camera.acc_expo_time]
camera.acq_mode = "ACCUMULATION"
camera.acc_max_expo_time = 0.02
camera.acq_expo_time = 0.05
report["accumulating"] = [camera.acc_nb_frames, round(camera.acc_expo_time, 9), round(camera.acc_live_time, 9)]
report["accumulated type"] = [camera.image_type, [int(v) for v in camera.image_sizes]]
camera.prepareAcq()
camera.startAcq()
until(ended)
report["sum of three"] = [camera.last_image_ready, pixel(1, 10, 20, "i")]
camera.acq_mode = "SINGLE"

# Image operations: bin 2 x 2, flipped in x, rotated, a region.
camera.acq_nb_frames = 1
camera.acq_expo_time = 0.001
camera.image_bin = [2, 2]
camera.image_flip = [True, False]
camera.image_rotation = "90"
report["turned"] = [camera.image_width, camera.image_height]
camera.image_roi = [0, 5, 10, 12]
camera.prepareAcq()
camera.startAcq()
until(ended)
report["region"] = [int(v) for v in camera.image_sizes] + [len(camera.readImage(0)[1])]
camera.image_roi = [0, 0, 0, 0]
camera.image_rotation = "NONE"
camera.image_flip = [False, False]
camera.image_bin = [1, 1]
report["impossible binning"] = error_of(setattr, camera, "image_bin", [50, 1])

# Configurations.
camera.acq_expo_time = 0.25
camera.configStore(["mine", "Acquisition"])
camera.acq_expo_time = 0.5
camera.configApply("mine")
report["configuration"] = [camera.acq_expo_time, list(camera.config_available_name)]
report["no configuration"] = error_of(camera.configApply, "yours")

# Video: until it is told to stop.
camera.acq_expo_time = 0.005
camera.video_live = True
until(lambda: camera.video_last_image_counter > 3)
report["live twice"] = error_of(setattr, camera, "video_live", True)
report["prepare while live"] = error_of(camera.prepareAcq)
camera.video_live = False
report["live ended"] = camera.acq_status
report["gain"] = error_of(setattr, camera, "video_gain", 0.5)

# Headers: frames wait for theirs.
camera.acq_nb_frames = 2
camera.saving_format = "EDF"
camera.saving_mode = "AUTO_HEADER"
camera.saving_directory = folder
camera.saving_prefix = "head_"
camera.saving_common_header = ["sample=LaB6"]
camera.prepareAcq()
camera.startAcq()
until(lambda: camera.last_image_ready == 1)
time.sleep(0.1)
waiting = [camera.acq_status, camera.last_image_saved]
camera.setImageHeader(["0;angle=1.5\nbeam=on", "1;angle=2.5"])
until(ended)
files = [fabio.open(f"{folder}/head_{i:04d}.edf").header for i in (0, 1)]
report["headers"] = [waiting, camera.last_image_saved] + [[h["sample"], h["angle"], h.get("beam")] for h in files]
camera.prepareAcq()
camera.startAcq()
until(lambda: camera.last_image_ready == 1)
camera.stopAcq()
report["stopped without headers"] = [camera.acq_status, camera.last_image_saved]

# A folder that is lost; events of the status.
events = []
camera.subscribe_event("acq_status", tango.EventType.CHANGE_EVENT, lambda e: events.append(e.attr_value.value))
camera.saving_mode = "AUTO_FRAME"
camera.saving_directory = f"{folder}/lost"
camera.saving_prefix = "x_"
camera.prepareAcq()
shutil.rmtree(f"{folder}/lost")
camera.startAcq()
until(ended)
until(lambda: events[-1] == "Fault")
report["lost folder"] = [camera.acq_status, camera.acq_status_fault_error.split(" (")[0]]
report["events"] = events
report["start in fault"] = error_of(camera.startAcq)
camera.saving_mode = "MANUAL"
camera.prepareAcq()
report["after it"] = camera.acq_status

# By hand.
camera.acq_nb_frames = 1
camera.saving_directory = folder
camera.saving_prefix = "hand_"
camera.prepareAcq()
camera.startAcq()
until(ended)
camera.writeImage(0)
report["by hand"] = sorted(name for name in os.listdir(folder) if name.startswith("hand_"))

# Images of files.
report["loader without files"] = error_of(setattr, simulator, "mode", "LOADER")
simulator.file_pattern = f"{folder}/head_*.edf"
simulator.mode = "LOADER_PREFETCH"
camera.acq_nb_frames = 3
camera.prepareAcq()
camera.startAcq()
until(ended)
report["loaded"] = [camera.camera_model, int(fabio.open(f"{folder}/head_0000.edf").data[20, 10]) - pixel(2, 10, 20)]
simulator.mode = "GENERATOR"

# Every attribute can be read.
unreadable = []
for name in camera.get_attribute_list():
    try:
        camera.read_attribute(name)
    except tango.DevFailed as error:
        unreadable.append(f"{name}: {error.args[0].desc}")
report["unreadable"] = unreadable
print(json.dumps(report))
