# Follows a scan with the real blissdata as it is taken, and prints what it saw as JSON: blissdata-follow.py URL
# It says "listening" when it waits for the next scan.
import json
import sys

from blissdata.redis_engine.exceptions import EndOfStream
from blissdata.redis_engine.store import DataStore
from blissdata.redis_engine.scan import ScanState
from blissdata.streams import CursorGroup

store = DataStore(sys.argv[1])
since = store.get_last_scan_timetag()
print("listening", flush=True)
_, key = store.get_next_scan(since=since, timeout=20)
scan = store.load_scan(key)
# A scan that is loaded while it becomes PREPARED shows its streams only with its next state.
while scan.state < ScanState.PREPARED or not scan.streams:
    scan.update(timeout=20)
group = CursorGroup(list(scan.streams.values()))
seen = {name: [] for name in scan.streams}
views = 0
try:
    while True:
        for stream, view in group.read(timeout=20).items():
            views += 1
            seen[stream.name] += view.get_data().tolist()
except EndOfStream:
    pass
while scan.state < ScanState.CLOSED:
    scan.update(timeout=20)
print(json.dumps({"key": key, "seen": seen, "views": views, "end_reason": scan.info["end_reason"]}))
