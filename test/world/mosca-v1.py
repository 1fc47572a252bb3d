# SPDX-License-Identifier: MIT
# Drives a MoscaV1 device in the order BLISS 2.4 does and prints, as JSON, what it got. Argument: device name.
import json
import sys
import time

import tango

device = tango.DeviceProxy(sys.argv[1])
channels = device.number_channels
labels = list(device.metadata_labels)
size = device.spectrum_size


def acquire(trigger, points, seconds):
    """Prepares, starts, and follows one acquisition as the acquisition slave of BLISS does."""
    device.startAcq()
    seen, blocks, last = [], [], 0
    deadline = time.time() + 20
    while time.time() < deadline:
        state, n_read, n_saved, n_triggered = (int(v) for v in device.getAcqStatus())
        assert state != 2, "fault: " + device.status()
        assert n_triggered <= points, "more triggers than asked for"
        seen.append(state)
        if n_read > last:
            spectra = device.getData([last, n_read - 1]).reshape(channels, -1, size)
            stats = device.getMetadataValues([last, n_read - 1]).reshape(channels, -1, len(labels))
            rois = device.getCounterValues([last, n_read]).reshape(3, -1)
            for point in range(n_read - last):
                blocks.append((spectra[:, point], stats[:, point], rois[:, point]))
            last = n_read
        if state == 0 and n_read == points:
            break
        time.sleep(0.005)
    device.stopAcq()
    return seen, blocks


def judge(blocks, seconds):
    checks = {"points": len(blocks), "rois": True, "events": True, "icr": True, "realtime": True, "dead": True}
    for spectra, stats, rois in blocks:
        by = {name: stats[:, index] for index, name in enumerate(labels)}
        checks["rois"] &= rois[0] == int(spectra[0, 600:681].sum())
        checks["rois"] &= rois[1] == int(spectra[:, 600:681].sum())
        checks["rois"] &= rois[2] == int(spectra[0:2, :].sum())
        checks["events"] &= bool((spectra.sum(axis=1) == by["events"]).all())
        checks["icr"] &= bool((abs(by["icr"] * by["trigger_livetime"] - by["triggers"]) < 0.01 * (1 + by["triggers"])).all())
        checks["dead"] &= bool((by["deadtime"] >= 0).all() and (by["deadtime"] < 0.5).all())
        checks["realtime"] &= bool((abs(by["realtime"] - seconds) < 1e-6).all())
    return {key: value if key == "points" else bool(value) for key, value in checks.items()}


info = {
    "model": device.detector_model,
    "channels": channels,
    "size": size,
    "labels": labels,
    "alias": [int(v) for v in device.channels_alias],
    "state": str(device.state()),
    "idle": [int(v) for v in device.getAcqStatus()],
}
answers = {}
for trigger, points, seconds, starts in (("SOFTWARE", 1, 0.05, 3), ("GATE", 20, 0.01, 1), ("SYNC", 20, 0.01, 1)):
    device.trigger_mode = trigger
    device.number_points = points
    device.preset_value = seconds * 1000
    if trigger == "SOFTWARE":
        device.refresh_rate = min(0.1, seconds)
    else:
        device.map_pixels_per_buffer = 4
    device.resetCounters()
    for roi in (["fe_det00", "0", "600", "680"], ["fe_sum_all", "-1", "600", "680"], ["all_sum_det00-01", "0-1", "0", "4095"]):
        device.addCounter(roi)
    device.prepareAcq()
    runs = [acquire(trigger, points, seconds) for _ in range(starts)]
    answers[trigger] = [judge(blocks, seconds) for _, blocks in runs]
    info[trigger] = [device.trigger_mode, device.preset_mode, device.detector_mode]
device.stopAcq()


def error(call):
    try:
        call()
        return None
    except tango.DevFailed as failure:
        return [failure.args[0].reason, failure.args[0].desc]


info["errors"] = [
    error(lambda: device.getData([0, 99])),
    error(lambda: device.addCounter(["x", "0", "20", "10"])),
    error(lambda: setattr(device, "trigger_mode", "NOPE")),
]
print(json.dumps({"info": info, "answers": answers}))
