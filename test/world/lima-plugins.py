# SPDX-License-Identifier: MIT
# Judges the plugins of a LimaCCDs server with numpy: corrections by files that fabio wrote, reductions of known frames.
# Arguments: LimaCCDs device, folder. Prints as JSON what differs, by plugin.
import json
import os
import sys
import time

import fabio
import numpy
import tango

camera, folder = tango.DeviceProxy(sys.argv[1]), sys.argv[2]
place = sys.argv[1].rsplit("/", 3)[0] if "://" in sys.argv[1] else ""
suffix = "#dbase=no" if "#" in sys.argv[1] else ""


def device(kind):
    name = camera.getPluginDeviceNameFromType(kind)
    return tango.DeviceProxy(f"{place}/{name}{suffix}" if place else name)


def acquire(frames=1):
    camera.acq_nb_frames = frames
    camera.prepareAcq()
    camera.startAcq()
    deadline = time.time() + 20
    while camera.acq_status != "Ready" and time.time() < deadline:
        time.sleep(0.01)
    kind, data = camera.readImage(frames - 1)
    return numpy.frombuffer(data[80:], dtype="<u2").reshape(30, 40).astype(float)


def edf(name, image, **header):
    path = f"{folder}/{name}.edf"
    fabio.edfimage.EdfImage(data=image, header=header).write(path)
    return path


def difference(measured, wanted):
    return float(numpy.abs(numpy.asarray(measured, dtype=float) - numpy.asarray(wanted, dtype=float)).max())


def error_of(function, *args):
    try:
        function(*args)
    except tango.DevFailed as error:
        return error.args[0].desc
    return None


report = {}
camera.acq_expo_time = 0.001
simulator = device("simulator")
simulator.frame_dim = [40, 30, 2]
simulator.grow_factor = 0
simulator.peaks = [10, 20, 6, 1000]
raw = acquire()
rng = numpy.random.default_rng(7)
dark_image = rng.integers(0, 50, (30, 40)).astype("uint16")
flat_image = rng.uniform(0.5, 2, (30, 40)).astype("float32")
mask_image = (rng.uniform(size=(30, 40)) > 0.2).astype("uint8")

background = device("backgroundsubstraction")
background.RunLevel = 0
background.setBackgroundImage(edf("dark", dark_image))
background.offset = 3
background.Start()
report["background"] = difference(acquire(), numpy.clip(raw - dark_image + 3, 0, 65535))
base = numpy.array(camera.getBaseImage(-1), dtype="uint8").view("<u2").reshape(30, 40)
pictures = []
for camera.video_source in ("BASE_IMAGE", "LAST_IMAGE"):
    pictures.append(numpy.frombuffer(camera.video_last_image[1][32:], "<u2").reshape(30, 40))
report["before corrections"] = [difference(base, raw), difference(pictures[0], raw), difference(pictures[1], acquire())]
report["run level while on"] = error_of(setattr, background, "RunLevel", 3)
flat = device("flatfield")
flat.RunLevel = 1
flat.setFlatFieldImage(edf("flat", flat_image))
flat.Start()
normal = flat_image.astype(float) / flat_image.astype(float).mean()
both = numpy.clip(raw - dark_image + 3, 0, 65535)
# Half a count is rounded up here and to even by numpy.
report["flat field after it"] = difference(acquire(), numpy.floor(both / normal + 0.5))
mask = device("mask")
mask.RunLevel = 2
mask.setMaskImage(edf("mask", mask_image))
mask.Start()
mask.type = "STANDARD"
report["mask after both"] = difference(acquire(), numpy.floor(both / normal + 0.5) * mask_image)
for plugin in (background, flat, mask):
    plugin.Stop()
report["all off"] = difference(acquire(), raw)
mask.setMaskImage(edf("inverse", mask_image, masked_value="nonzero"))
mask.Start()
report["nonzero is masked"] = difference(acquire(), raw * (1 - mask_image))
mask.setMaskImage(edf("small", mask_image[:10]))
report["wrong size"] = error_of(camera.prepareAcq)
report["no such file"] = error_of(mask.setMaskImage, f"{folder}/none.edf")
mask.Stop()
background.takeNextAcquisitionAsBackground()
background.offset = 0
background.Start()
acquire(2)
report["taken background"] = difference(acquire(), raw * 0)
background.Stop()
background.delete_dark_after_read = True
once = edf("once", dark_image)
background.setBackgroundImage(once)
report["read once"] = [os.path.exists(once), background.BackgroundFile == once]

counter = device("roicounter")
report["regions while off"] = error_of(counter.addNames, ["box"])
counter.clearAllRois()
counter.Start()
box, arc = (int(i) for i in counter.addNames(["box", "arc"]))
report["unknown region"] = error_of(counter.setRois, [9, 0, 0, 1, 1])
counter.setRois([box, 5, 15, 12, 14])
counter.setArcRois([arc, 10, 20, 2, 6, 0, 90])
counter.setMaskFile(edf("counted", mask_image))
counter.OverflowThreshold = 500
acquire(2)
row, column = numpy.mgrid[0:30, 0:40]
radius, angle = numpy.hypot(column - 10, row - 20), numpy.degrees(numpy.arctan2(row - 20, column - 10))
areas = [
    raw[15:29, 5:17][mask_image[15:29, 5:17] != 0],
    raw[(radius >= 2) & (radius <= 6) & (angle >= 0) & (angle <= 90) & (mask_image != 0)],
]
wanted = [
    [identity, frame, area.sum(), area.mean(), area.std(), area.min(), area.max()]
    for identity, area in zip((box, arc), areas)
    for frame in (0, 1)
]
counters = numpy.array(counter.readCounters(0))
report["counters"] = difference(counters, numpy.array(wanted).ravel()) if len(counters) == 28 else list(counters)
report["later counters"] = [len(counter.readCounters(1)), len(counter.readCounters(2))]
report["overflow"] = counter.status().startswith("Overflow: frame 0 has a pixel of 1000")
report["region types"] = [
    list(counter.getRoiTypes(["arc", "box"])),
    [int(value) for value in counter.getRois(["box"])],
    list(counter.getArcRois(["arc"])),
    list(counter.getNames()),
]
counter.OverflowThreshold = 0
counter.removeRois(["box"])
acquire()
report["after removal"] = [len(counter.readCounters(0)), counter.status()]
counter.removeRois(["arc"])
report["the last one removed"] = str(counter.state())

spectra = device("roi2spectrum")
spectra.Start()
spectra.clearAllRois()
ids = [int(i) for i in spectra.addNames(["lines", "columns"])]
spectra.setRois([ids[0], 5, 10, 12, 15, ids[1], 5, 10, 12, 15])
spectra.setRoiModes(["lines", "LINES_SUM", "columns", "COLUMN_SUM"])
collection = device("roicollection")
collection.clearAllRois()
collection.Start()
collection.setRois([0, 0, 10, 10, 5, 10, 12, 15])
finder = device("peakfinder")
finder.Start()
bpm = device("bpm")
bpm.Start()
acquire(2)
region = raw[10:25, 5:17]
report["lines"] = difference(spectra.readImage([ids[0], 0]), numpy.tile(region.sum(axis=0), 2))
report["columns"] = difference(spectra.readImage([ids[1], 1]), region.sum(axis=1))
report["nothing later"] = len(spectra.readImage([ids[1], 2]))
sums = [raw[:10, :10].sum(), region.sum()]
report["collection"] = difference(collection.readSpectrum(0), [2, 2, 0, *sums, *sums])
report["counter status"] = [plugin.CounterStatus for plugin in (spectra, collection, finder)]
report["peaks"] = [float(value) for value in finder.readPeaks()]
results = numpy.array(bpm.getResults(1))
report["bpm"] = {
    "columns": len(results),
    "intensity": difference(results[1], raw.sum()),
    "centre": difference(results[2:4], [10, 20]),
    "fwhm": difference(results[4:6], [6, 6]),
    "frame": results[6],
    "projection": difference(bpm.proj_x, raw.sum(axis=0)),
    "pixel": difference(bpm.GetPixelIntensity([10, 20]), raw[20, 10]),
}
print(json.dumps(report))
