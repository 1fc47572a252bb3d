# Publishes a scan of every kind of stream with the real blissdata: blissdata-publish.py URL [SECONDS_BETWEEN_POINTS]
# Prints the scan's key first, so that a reader can follow it.
import sys
import time

import numpy
from blissdata.redis_engine.store import DataStore
from blissdata.streams.default import Stream
from blissdata.streams.lima.stream import LimaStream
from blissdata.streams.scan_sequence.stream import ScanStream

store = DataStore(sys.argv[1])
pause = float(sys.argv[2]) if len(sys.argv) > 2 else 0
identity = {"name": "loopscan", "number": 12, "data_policy": "ESRF", "session": "demo", "proposal": "hg123",
            "collection": "sample", "dataset": "0001", "path": "/data/hg123.h5"}
scan = store.create_scan(identity, info={"title": "loopscan 10 0.1", "npoints": 10, "missing": float("nan")})
print(scan.key, flush=True)
value = scan.create_stream(Stream.make_definition("value", numpy.float64))
big = scan.create_stream(Stream.make_definition("big", ">u2", (3,)))
ragged = scan.create_stream(Stream.make_definition("ragged", "float32", (-1,)))
flag = scan.create_stream(Stream.make_definition("flag", bool))
wave = scan.create_stream(Stream.make_definition("wave", numpy.complex128))
large = scan.create_stream(Stream.make_definition("large", numpy.int64))
text = scan.create_stream(Stream.make_definition("text", "json"))
camera = scan.create_stream(LimaStream.make_definition(
    name="camera", dtype=numpy.uint16, shape=(4, 6), server_url="tango://localhost:10000/id00/lima/cam",
    buffer_max_number=10, frames_per_acquisition=10, acquisition_offset=0,
    saving={"file_path": "/data/cam_%04d.h5", "data_path": "/entry/data", "file_format": "hdf5", "file_offset": 0,
            "frames_per_file": 3}))
subscans = scan.create_stream(ScanStream.make_definition("SUBSCANS"))
scan.prepare()
scan.start()
for i in range(10):
    value.send(i / 4)
    big.send(numpy.array([i, i + 1, 60000], dtype=">u2"))
    ragged.send(numpy.arange(i + 1, dtype=numpy.float32))
    flag.send(i % 2 == 0)
    wave.send(complex(i, -i))
    large.send(2**60 + i)
    text.send({"i": i, "word": "é", "none": None, "nan": float("nan")})
    camera.send({"last_index": i, "last_index_saved": i - 1})
    time.sleep(pause)
value.send(numpy.arange(100, 110, dtype=float))
subscans.send({"key": scan.key})
scan.stop()
scan.info["end_reason"] = "SUCCESS"
scan.close()
