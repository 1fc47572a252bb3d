# Publishes a scan to be saved, as BLISS does it: real blissdata, and PyTango for the handshake with the BlissWriter device.
# blissdata-saved.py URL FILE DEVICE POINTS SECONDS_BETWEEN_POINTS; prints what the writer said as JSON.
import json
import sys
import time

import numpy
import tango
from blissdata.redis_engine.store import DataStore
from blissdata.streams.default import Stream

url, path, device, points, pause = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
writer = tango.DeviceProxy(device)
store = DataStore(url)


def stream(name, **attributes):
    return {"type": "dataset", "value": {"type": "stream", "stream": name}, "attributes": attributes}


def group(nx_class, **children):
    return {"type": "group", "attributes": {"NX_class": nx_class}, "children": children}


def maps(**entry):
    measurement = group(
        "NXcollection", diode=stream("diode", units="V"), mca=stream("mca", interpretation="spectrum"),
        flag=stream("flag"), wave=stream("wave"), ragged=stream("ragged"), link={"type": "soft_link", "target_path": "diode"})
    return {path: group("NXroot", **{"1.1": group("NXentry", title="loopscan", measurement=measurement, **entry)})}


scan = store.create_scan(
    {"name": "loopscan", "number": 1, "data_policy": "None", "session": "demo", "path": path},
    info={"title": "loopscan", "npoints": points, "save": True})
answers = {"state": str(writer.state()), "unknown": str(writer.scan_state(scan.key)), "wrong": writer.SaveScan("esrf:scan:nothing")}
answers["asked"] = writer.SaveScan(scan.key)
answers["again"] = writer.SaveScan(scan.key)
diode = scan.create_stream(Stream.make_definition("diode", numpy.float64))
mca = scan.create_stream(Stream.make_definition("mca", ">u2", (16,)))
flag = scan.create_stream(Stream.make_definition("flag", bool))
wave = scan.create_stream(Stream.make_definition("wave", numpy.complex128))
ragged = scan.create_stream(Stream.make_definition("ragged", numpy.int32, (-1,)))
scan.info["h5maps"] = maps()
scan.prepare()
scan.start()
deadline = time.time() + 10
while str(writer.scan_state(scan.key)) != "ON" and time.time() < deadline:
    time.sleep(0.02)
answers["running"] = str(writer.scan_state(scan.key))
answers["active"] = list(writer.ScansInProgress)
for i in range(points):
    diode.send(i / 8)
    mca.send(numpy.full(16, i, dtype=">u2"))
    flag.send(i % 2 == 1)
    wave.send(complex(i, -i))
    ragged.send(numpy.arange(i % 4 + 1, dtype=numpy.int32))
    time.sleep(pause)
scan.stop()
scan.info["h5maps"] = maps(end_reason="SUCCESS")
scan.close()
deadline = time.time() + 20
while str(writer.scan_state(scan.key)) == "ON" and time.time() < deadline:
    time.sleep(0.02)
answers.update(
    key=scan.key, ended=str(writer.scan_state(scan.key)), reason=writer.scan_state_reason(scan.key),
    warnings=writer.GetWarningCount(scan.key), points=writer.PointsWritten)
print(json.dumps(answers))
