# SPDX-License-Identifier: MIT
"""Turns hex dumps of GIOP messages into the compact files of this folder: one message a line.

Usage: convert.py OUTPUT.txt DUMP.txt...
A line is: case, GIOP version and byte order, message type, what the dump's decoder said of it (operation, request id,
status), and the bytes in base64. Messages the dump has cut short, and repeated ones, are left out.
"""
import base64
import re
import sys


def messages(text):
    stream, header, words, lines = "-", None, "", []
    for line in text.splitlines() + [""]:
        if line.startswith("---") or line.startswith("## "):
            stream = line
        elif line.startswith("GIOP 1."):
            header, words, lines = line, "", []
        elif header and re.match(r"^[0-9a-f]{4,6}  ", line):
            lines.append(line[6:].split("|")[0].replace(" ", ""))
        elif header and line.startswith("  "):
            words += line
        if header and not re.match(r"^(GIOP|  |[0-9a-f]{4,6}  )", line):
            if lines:
                yield stream, header, words, bytes.fromhex("".join(lines))
            header = None


def main(output, dumps):
    seen, out = set(), []
    for dump in dumps:
        name = re.sub(r"^c\d+-[a-z]+\d+-|\.txt$", "", dump.rsplit("/", 1)[-1])
        asked = {}
        for stream, header, words, data in messages(open(dump, encoding="utf8", errors="replace").read()):
            pattern = r"GIOP (1\.\d) flags=0x\w+\((LE|BE)[^)]*\) (\w+) size=(\d+)"
            version, order, kind, size = re.match(pattern, header).groups()
            tcp = (re.search(r"tcp stream (\d+)", stream) or [None, "0"])[1]
            ident = (re.search(r"request_id=(\d+)", words) or [None, "-"])[1]
            status = (re.search(r"status=(\S+)", words) or [None, "-"])[1]
            operation = re.search(r"operation=(\S+)", words)
            if operation:
                asked[tcp, ident] = operation[1]
            operation = asked.get((tcp, ident), "-")
            key = (kind, operation, len(data), data[24:])
            if len(data) != int(size) + 12 or key in seen:
                continue
            seen.add(key)
            encoded = base64.b64encode(data).decode()
            out.append("\t".join([name, version + order, kind, operation, ident, status, encoded]))
    open(output, "w").write("\n".join(out) + "\n")
    print(output, len(out))


main(sys.argv[1], sys.argv[2:])
