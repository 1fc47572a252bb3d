# The real blissdata-lima2: `read URL KEY` prints what it makes of a stream of ours, `publish URL HOST PORT FILE` publishes one
# like it and prints its key.
import json
import sys

import numpy
from blissdata.redis_engine.store import DataStore
from blissdata_lima2 import Lima2Stream

what, url, *arguments = sys.argv[1:]
store = DataStore(url)


def read(key):
    scan = store.load_scan(key)
    stream = scan.streams["cam:raw"]
    frames = numpy.asarray(stream[0:len(stream)])
    return {
        **{"kind": type(stream).__name__, "length": len(stream), "sealed": stream.is_sealed()},
        **{"dtype": stream.dtype.name, "shape": list(stream.shape), "frames": frames.tolist()},
    }


def publish(host, port, path):
    scan = store.create_scan({"name": "ct", "number": 2, "data_policy": "None"}, info={})
    definition = Lima2Stream.make_definition(
        "cam:raw", "raw_frame", host, int(port), "1-2-3", (path, "/entry/data"), "uint16", (2, 3)
    )
    stream = scan.create_stream(definition)
    scan.prepare()
    scan.start()
    for frames in (1, 4):
        stream.send(numpy.uint32(frames))
    scan.stop()
    scan.close()
    return {"key": scan.key}


print(json.dumps(globals()[what](*arguments)))
