# SPDX-License-Identifier: MIT
# Runs a command on a terminal of its own. Standard input: JSON list of [text to wait for, keys to send]. Prints, as JSON,
# what the terminal showed and the exit status. Arguments: the command.
import json
import os
import pty
import re
import select
import sys
import time

steps = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[1], sys.argv[1:])
shown, seen, deadline = "", 0, time.time() + 60
while time.time() < deadline:
    ready, _, _ = select.select([terminal], [], [], 0.1)
    if ready:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data.decode("utf8", "replace")
    if steps and (found := re.compile(steps[0][0]).search(shown, seen)):
        seen = found.end()
        time.sleep(0.2)
        os.write(terminal, steps.pop(0)[1].encode())
if time.time() >= deadline:
    os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
print(json.dumps({"shown": shown, "status": os.waitstatus_to_exitcode(status), "left": steps}))
