# SPDX-License-Identifier: MIT
# mosca-client 2.0.5, the client of MOSCA's authors, on a simulated DANTE: configurations, a gated acquisition; prints JSON.
# Argument: name of the Mosca device.
import json
import sys
import time

from mosca_client.tango.mosca import Mosca

client = Mosca("xrf", sys.argv[1])


def detectors():
    return [int(detector) for detector in client.detectors]


def error(call):
    try:
        call()
    except Exception as failure:
        return str(failure)


answers = {"available": list(client.available_configurations()), "first": detectors()}
client.load_configuration("two.hdf")
answers["two"] = detectors()
answers["absent"] = error(lambda: client.load_configuration("nope.hdf"))
answers["fault"] = str(client.proxy.State())
client.load_configuration("config.hdf")
answers["again"] = [detectors(), client.current_configuration()]
client.rois.set_sum("all", (0, 4095))
client.set_parameters(trigger_mode="GATE", gate_mode="HIGH", acq_nb_points=6, acq_realtime=0.01, block_size=4)
acq_id = client.prepare_acq()
client.start_acq(acq_id)
deadline = time.time() + 20
while client.acquisition_status.name == "RUNNING" and time.time() < deadline:
    time.sleep(0.005)
spectra, stats, rois = client.read_spectra(), client.read_stats(), client.read_rois()
column = list(client.stats_names).index
answers["shapes"] = [list(spectra.shape), list(stats.shape), list(rois.shape)]
answers["all"] = bool((rois[0] == spectra.sum(axis=(0, 2))).all())
answers["ocr"] = bool((abs(stats[:, :, column("ocr")] * stats[:, :, column("realtime")] - spectra.sum(axis=2)) < 0.01).all())
answers["info"] = client.__info__().splitlines()[-2:]
print(json.dumps(answers))
