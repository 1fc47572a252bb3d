# What the real blissdata 2.4.5 needs for the same work: blissdata-work.py WHAT URL ...; prints JSON.
import json
import sys
import threading
import time

import numpy
from blissdata.redis_engine.exceptions import EndOfStream
from blissdata.redis_engine.scan import ScanState
from blissdata.redis_engine.store import DataStore
from blissdata.streams import CursorGroup
from blissdata.streams.default import Stream

what, url, *arguments = sys.argv[1:]
store = DataStore(url)


def item(name):
    return {"type": "stream", "stream": name}


def begin(names, dtype=float, shape=(), path=None):
    identity = {"name": "bench", "number": 1, "data_policy": "None"}
    scan = store.create_scan(identity | ({"path": path} if path else {}), info={"save": path is not None})
    streams = [scan.create_stream(Stream.make_definition(name, dtype, shape)) for name in names]
    if path:
        group = {"type": "group", "children": {name: item(name) for name in names}}
        scan.info["h5maps"] = {path: {"type": "group", "children": {"1.1": group}}}
    scan.prepare()
    scan.start()
    return scan, streams


def end(scan):
    scan.stop()
    scan.close()


def publish(channels, points, batch, path=None):
    """Seconds from the first point until the store has them all."""
    scan, streams = begin([f"c{i}" for i in range(int(channels))], path=path)
    points, batch = int(points), int(batch)
    block = numpy.arange(batch, dtype=float) if batch > 1 else 1.5
    start = time.perf_counter()
    begun = time.time()
    for _ in range(points // batch):
        for stream in streams:
            stream.send(block)
    for stream in streams:
        stream.join()
    seconds = time.perf_counter() - start
    end(scan)
    return {"seconds": seconds, "key": scan.key, "begun": begun}


def spectra(count, size, path):
    scan, (stream,) = begin(["mca"], numpy.uint32, (int(size),), path)
    for i in range(int(count)):
        stream.send((numpy.arange(int(size)) * 7919 % (i + 1000)).astype(numpy.uint32))
    end(scan)
    return {"key": scan.key}


def read(key):
    """Seconds to read all points of a scan with a cursor group."""
    scan = store.load_scan(key)
    start = time.perf_counter()
    group, points = CursorGroup(list(scan.streams.values())), 0
    try:
        while True:
            for view in group.read().values():
                points += len(view.get_data())
    except EndOfStream:
        pass
    return {"seconds": time.perf_counter() - start, "values": points}


def latency(channels, points, period):
    """Milliseconds from sending a point until a follower has it from all channels."""
    scan, streams = begin([f"c{i}" for i in range(int(channels))])
    reader = DataStore(url).load_scan(scan.key)
    sent, seen = {}, {}

    def follow():
        group, counts = CursorGroup(list(reader.streams.values())), {name: 0 for name in reader.streams}
        try:
            while True:
                for stream, view in group.read().items():
                    counts[stream.name] = view.index + len(view.get_data())
                for point in range(len(seen), min(counts.values())):
                    seen[point] = time.perf_counter()
        except EndOfStream:
            pass

    thread = threading.Thread(target=follow)
    thread.start()
    for point in range(int(points)):
        sent[point] = time.perf_counter()
        for stream in streams:
            stream.send(float(point))
        time.sleep(float(period) / 1000)
    end(scan)
    thread.join()
    return {"milliseconds": [(seen[point] - sent[point]) * 1000 for point in sent]}


def write(key=None):
    """Seconds the real blisswriter 3.0.0 needs for a scan that is in the store; without a key, for the next one, live."""
    from blisswriter.writing_service import OnDemandWritingService

    service = OnDemandWritingService(url)
    if key is None:
        since = store.get_last_scan_timetag()
        print("listening", flush=True)
        _, key = store.get_next_scan(since=since, timeout=60)
    start = time.perf_counter()
    service.request_scan(key)
    while service._status_registry[key].state.name not in ("COMPLETE", "FAILED"):
        time.sleep(0.002)
    return {"seconds": time.perf_counter() - start, "ended": time.time(), "state": service._status_registry[key].state.name}


print(json.dumps(globals()[what](*arguments)))
