# The real blisswriter 3.0.0 writes scans of a data stream: blisswriter-write.py URL KEY... ; prints its states as JSON.
import json
import sys
import time

from blisswriter.writing_service import OnDemandWritingService

service = OnDemandWritingService(sys.argv[1])
keys = sys.argv[2:]
for key in keys:
    service.request_scan(key)
deadline = time.time() + 30


def status(key):
    found = service._status_registry.get(key)
    return [found.state.name, str(found.state_msg), [str(w) for w in found.warnings]] if found else ["NONE", "", []]


while time.time() < deadline and any(status(key)[0] not in ("COMPLETE", "FAILED") for key in keys):
    time.sleep(0.05)
time.sleep(0.3)  # it says COMPLETE before the file is closed
print(json.dumps({key: status(key) for key in keys}))
