# What programs that know NeXus say of files: nexus-check.py FILE...; prints JSON {file: {"errors": [[who, path, text]],
# "plots": {entry: {"nexusformat": ..., "silx": ...}}}}. A plot is [signal, its shape, axes]; null: no default plot.
import json
import logging
import os
import sys
import warnings

warnings.simplefilter("ignore")
# nxvalidate wants to know the width of its terminal.
os.get_terminal_size = lambda *_: os.terminal_size((200, 50))
stdout, sys.stdout = sys.stdout, open(os.devnull, "w")

import h5py
import punx.validate
from nexusformat.nexus import nxload
from nxvalidate import validate as nxvalidate
from silx.io.nxdata import get_default


class Collect(logging.Handler):
    """Its log names the object in a line, and below it what is wrong with it."""

    def __init__(self):
        super().__init__()
        self.where, self.errors = "", []

    def emit(self, record):
        text = record.getMessage().strip()
        if record.levelno == logging.ERROR and not text.startswith("Total number"):
            self.errors.append(["nxvalidate", self.where, text])
        elif ": /" in text:
            self.where = text.split(": ", 1)[1]


def by_nxvalidate(file):
    nxvalidate.logger.handlers[:] = [collect := Collect()]
    nxvalidate.validate_file(file)
    return collect.errors


def by_punx(file):
    validator = punx.validate.Data_File_Validator("v2018.5")
    validator.validate(file)
    validator.close()
    found = [v for v in validator.validations if str(v.status) == "ERROR"]
    return [["punx", v.h5_address, f"{v.test_name}: {v.comment}"] for v in found]


def seen_by_nexusformat(file, entry):
    data = nxload(file)[entry].plottable_data
    if data is None or data.nxsignal is None:
        return None
    return [data.nxsignal.nxname, list(data.nxsignal.shape), [axis.nxname for axis in data.nxaxes or []]]


def seen_by_silx(file, entry):
    with h5py.File(file) as f:
        data = get_default(f[entry])
        if data is None:
            return None
        axes = [axis.name.split("/")[-1] for axis in data.axes if axis is not None]
        return [data.signal.name.split("/")[-1], list(data.signal.shape), axes]


def check(file):
    with h5py.File(file) as f:
        entries = [name for name in f if f.get(name, getlink=True).__class__ is h5py.HardLink]
    plots = {e: {"nexusformat": seen_by_nexusformat(file, e), "silx": seen_by_silx(file, e)} for e in entries}
    return {"errors": by_nxvalidate(file) + by_punx(file), "plots": plots}


print(json.dumps({file: check(file) for file in sys.argv[1:]}), file=stdout)
