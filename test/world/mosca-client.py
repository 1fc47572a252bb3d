# SPDX-License-Identifier: MIT
# mosca-client 2.0.5, the client of MOSCA's authors, through prepare, acquire, read, ROI and save; prints JSON.
# Arguments: name of the Mosca device, directory to save into.
import json
import sys
import time

from mosca_client.tango.mosca import Mosca

client = Mosca("xrf", sys.argv[1])
client.rois.set("fe", (600, 680))
client.rois.set("zero", (600, 680), 0)
client.rois.set_sum("all", (0, 4095))
client.set_parameters(
    trigger_mode="GATE", gate_mode="HIGH", acq_nb_points=7, acq_realtime=0.02, block_size=2,
    saving_mode="hdf5", directory=sys.argv[2], file_prefix="x_",
)
client.saving.proxy.hdf5_points_per_file = 3
client.saving.proxy.hdf5_group_path = "entry/xrf"
client.saving.proxy.enabled = True
acq_id = client.prepare_acq()
poller = client.poller(acq_id)
client.start_acq(acq_id)
seen, states = [], []
deadline = time.time() + 20
while time.time() < deadline:
    data = poller.poll()
    states.append(data.acquisition_status.name)
    if data.n_points:
        seen.append([data.n_points, list(data.spectra.shape), list(data.stats.shape), list(data.rois.shape)])
    if data.n_read == 7 and states[-1] == "READY":
        break
    time.sleep(0.005)
spectra, stats, rois = client.read_spectra(), client.read_stats(), client.read_rois()
metadata = client.metadata(acq_id)
client.resume_acq(acq_id)
while client.acquisition_status.name == "RUNNING" and time.time() < deadline:
    time.sleep(0.005)
client.stop_acq()
resumed = client.read_spectra()


def error(call):
    try:
        call()
    except Exception as failure:
        return failure.args[0].desc.strip() if hasattr(failure.args[0], "desc") else str(failure)


print(
    json.dumps(
        {
            "points": sum(n for n, *_ in seen),
            "shapes": [shape for _, *shapes in seen for shape in shapes][:3],
            "states": [states[0], states[-1]],
            "types": [str(spectra.dtype), str(stats.dtype), str(rois.dtype)],
            "rows": [roi.name for roi in client.rois.roi_counters().values()],
            "fe": bool((rois[:4] == spectra[:, :, 600:681].sum(axis=2)).all()),
            "zero": bool((rois[4] == spectra[0, :, 600:681].sum(axis=1)).all()),
            "all": bool((rois[5] == spectra.sum(axis=(0, 2))).all()),
            "events": bool((spectra.sum(axis=2) == stats[:, :, client.stats_names.index("events")]).all()),
            "sums": spectra.sum(axis=2).tolist(),
            "resumed": list(resumed.shape),
            "kept": bool((resumed[:, :7] == spectra).all()),
            "saved": int(client.proxy.n_saved_points),
            "metadata": [metadata["acq_id"] == acq_id, metadata["mosca"]["acq_nb_points"], metadata["tango"]["mca_type"]],
            "foreign": error(lambda: client.start_acq(1)),
            "info": client.__info__().splitlines()[0],
            "detectors": [int(d) for d in client.detectors],
        }
    )
)
