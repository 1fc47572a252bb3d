# SPDX-License-Identifier: MIT
# Somebody else's LimaCCDs: a PyTango server with the attributes and commands a scan uses, a ROI plugin when it is asked for
# on the command line, and a camera that knows INTERNAL_TRIGGER only. Its commands are logged to standard output.
import threading
import time

import tango
from tango.server import Device, attribute, command, run


def setting(name, kind, initial, **options):
    def read(self):
        return self.values.get(name, initial)

    def write(self, value):
        self.values[name] = value

    return attribute(name=name, dtype=kind, fget=read, fset=write, **options)


class LimaCCDs(Device):
    def init_device(self):
        super().init_device()
        self.values = {}
        self.status_text = "Ready"
        self.ready = -1
        self.prepared = False

    acq_mode = setting("acq_mode", str, "SINGLE")
    acq_nb_frames = setting("acq_nb_frames", "int32", 1)
    acq_expo_time = setting("acq_expo_time", float, 1.0)
    acq_trigger_mode = setting("acq_trigger_mode", str, "INTERNAL_TRIGGER")
    latency_time = setting("latency_time", float, 0.0)
    saving_mode = setting("saving_mode", str, "MANUAL")
    saving_format = setting("saving_format", str, "EDF")
    saving_directory = setting("saving_directory", str, "")
    saving_prefix = setting("saving_prefix", str, "")
    saving_suffix = setting("saving_suffix", str, ".edf")
    saving_index_format = setting("saving_index_format", str, "%04d")
    saving_next_number = setting("saving_next_number", "int32", 0)
    saving_frame_per_file = setting("saving_frame_per_file", "int32", 1)
    saving_managed_mode = setting("saving_managed_mode", str, "SOFTWARE")
    user_instrument_name = setting("user_instrument_name", str, "")
    user_detector_name = setting("user_detector_name", str, "")
    image_bin_mode = setting("image_bin_mode", str, "SUM")
    image_rotation = setting("image_rotation", str, "NONE")
    image_bin = setting("image_bin", ("int32",), [1, 1], max_dim_x=2)
    image_flip = setting("image_flip", (bool,), [False, False], max_dim_x=2)
    image_roi = setting("image_roi", ("int32",), [0, 0, 8, 6], max_dim_x=4)

    @attribute(dtype=str)
    def acq_status(self):
        return self.status_text

    @attribute(dtype=str)
    def acq_status_fault_error(self):
        return "Camera: error"

    @attribute(dtype=bool)
    def ready_for_next_image(self):
        return self.status_text != "Running"

    @attribute(dtype="int32")
    def last_image_ready(self):
        return self.ready

    @attribute(dtype="int32")
    def last_image_saved(self):
        return self.ready

    @attribute(dtype="int32")
    def buffer_max_number(self):
        return 16

    @attribute(dtype=("uint32",), max_dim_x=4)
    def image_sizes(self):
        return [0, 2, 8, 6]

    @attribute(dtype=str)
    def lima_type(self):
        return "Double"

    @attribute(dtype=str)
    def camera_model(self):
        return "of nobody"

    @attribute(dtype=(float,), max_dim_x=2)
    def camera_pixelsize(self):
        return [1e-6, 2e-6]

    @command(dtype_in=str, dtype_out=(str,))
    def getAttrStringValueList(self, name):
        return ["INTERNAL_TRIGGER"] if name == "acq_trigger_mode" else []

    @command(dtype_in=str, dtype_out=str)
    def getPluginDeviceNameFromType(self, kind):
        return plugin.get_name() if kind == "roicounter" and (plugin := counter()) else ""

    @command
    def prepareAcq(self):
        print("prepareAcq", self.values["acq_nb_frames"], flush=True)
        self.ready = -1
        self.prepared = True
        if plugin := counter():
            plugin.counted = []
            plugin.acquisition += 1

    @command
    def startAcq(self):
        if not self.prepared:
            raise RuntimeError("Run prepareAcq before starting acquisition")
        print("startAcq", flush=True)
        self.prepared = False
        self.status_text = "Running"
        threading.Thread(target=self.expose, daemon=True).start()

    def expose(self):
        for frame in range(self.values["acq_nb_frames"]):
            time.sleep(self.values["acq_expo_time"])
            if plugin := counter():
                plugin.counted.append(frame)
            self.ready = frame
        self.status_text = "Ready"

    @command
    def stopAcq(self):
        print("stopAcq", flush=True)


class RoiCounterDeviceServer(Device):
    """The sum of each region is the number of the acquisition; the rest is 0. Nothing is kept from one to the next."""

    def init_device(self):
        super().init_device()
        self.ids, self.counted, self.acquisition = {}, [], 0

    BufferSize = attribute(dtype="int32", fget=lambda self: 256, fset=lambda self, value: None)

    @command
    def Start(self):
        self.set_state(tango.DevState.ON)

    @command
    def clearAllRois(self):
        self.ids = {}

    @command(dtype_in=(str,), dtype_out=("int32",))
    def addNames(self, names):
        self.ids.update((name, self.ids.get(name, len(self.ids))) for name in names)
        return [self.ids[name] for name in names]

    @command(dtype_in=("int32",))
    def setRois(self, values):
        print("setRois", *values, flush=True)

    @command(dtype_in="int32", dtype_out=("float64",))
    def readCounters(self, first):
        return [
            value
            for each in self.ids.values()
            for frame in self.counted
            if frame >= first
            for value in (each, frame, self.acquisition, 0, 0, 0, 0)
        ]


def counter():
    plugins = tango.Util.instance().get_device_list_by_class("RoiCounterDeviceServer")
    # A class without devices has one that is called NoName.
    return next((plugin for plugin in plugins if "/" in plugin.get_name()), None)


run((LimaCCDs, RoiCounterDeviceServer))
