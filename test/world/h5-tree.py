# SPDX-License-Identifier: MIT
# Prints the tree of HDF5 files as JSON, in the format of test/vectors/nexus/*.h5.json: h5-tree.py FILE...
import json, sys, h5py, numpy as np


def dtype_name(dtype):
    info = h5py.check_string_dtype(dtype)
    if info:
        return f"string({info.encoding})" if info.length is None else f"string({info.encoding},{info.length})"
    return dtype.str if dtype.names is None else [[n, dtype[n].str] for n in dtype.names]


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value]
    if isinstance(value, np.void):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return "NaN" if np.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, complex):
        return [value.real, value.imag]
    return value


def attribute(obj, name):
    aid = obj.attrs.get_id(name)
    value = obj.attrs[name]
    dtype = dtype_name(aid.dtype)
    if dtype == "string(utf-8)" and aid.shape == ():
        return plain(value)
    return [dtype, list(aid.shape), plain(value)]


def bounds(space):
    """First and last index of a selection, or "all": of a source that was selected whole HDF5 knows no bounds."""
    try:
        return [int(x) for x in np.ravel(space.get_select_bounds())]
    except ValueError:
        return "all"


def dataset(d, limit):
    out = {"class": "dataset", "dtype": dtype_name(d.dtype), "shape": list(d.shape)}
    if d.maxshape != d.shape:
        out["maxshape"] = list(d.maxshape)
    if d.chunks:
        out["chunks"] = list(d.chunks)
    if d.compression:
        out["compression"] = d.compression
    if d.dtype.kind == "f" and not d.fillvalue == 0:
        out["fillvalue"] = plain(d.fillvalue)
    if d.is_virtual:
        out["virtual"] = [
            {"file": s.file_name, "dataset": s.dset_name,
             "vspace": [int(x) for x in np.ravel(s.vspace.get_select_bounds())],
             "source": bounds(s.src_space)}
            for s in d.virtual_sources()
        ]
    if d.size <= limit and not d.is_virtual:
        out["value"] = plain(d[()])
    return out


def tree(path, limit=64):
    nodes = {}

    def walk(group, prefix):
        nodes[prefix or "/"] = {"class": "group"}
        for name in sorted(group):
            at = f"{prefix}/{name}"
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.SoftLink):
                nodes[at] = {"class": "softlink", "target": link.path}
            elif isinstance(link, h5py.ExternalLink):
                nodes[at] = {"class": "externallink", "file": link.filename, "target": link.path}
            elif isinstance(group[name], h5py.Group):
                walk(group[name], at)
            else:
                nodes[at] = dataset(group[name], limit)
        for at in [prefix or "/"] + [f"{prefix}/{n}" for n in group]:
            obj = group if at == (prefix or "/") else group[at.rsplit("/", 1)[1]] if nodes.get(at, {}).get("class") == "dataset" else None
            if obj is not None and len(obj.attrs):
                nodes[at]["attrs"] = {n: attribute(obj, n) for n in sorted(obj.attrs)}

    with h5py.File(path, "r") as f:
        walk(f, "")
    return nodes


if __name__ == "__main__":
    print(json.dumps({path: tree(path) for path in sys.argv[1:]}))
