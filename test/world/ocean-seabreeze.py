# SPDX-License-Identifier: MIT
# SeaBreeze, the library of Ocean Optics, on a spectrometer at 127.0.0.1; prints JSON. Argument: the TCP port.
import json
import sys

import seabreeze

seabreeze.use("cseabreeze")
from seabreeze.cseabreeze import SeaBreezeAPI

api = SeaBreezeAPI()
assert api.add_ipv4_device_location(b"FlameX", b"127.0.0.1", int(sys.argv[1]))
from seabreeze.spectrometers import Spectrometer

device = Spectrometer(api.list_devices()[0])
spectrometer, buffer, fast = (device.features[name][0] for name in ("spectrometer", "data_buffer", "fast_buffer"))
buffer.clear()
buffer.set_buffer_capacity(10)
for mode in (1, 3, 0):
    spectrometer.set_trigger_mode(mode)
device.integration_time_micros(20000)
intensities = spectrometer.get_intensities()
fast.set_buffering_enable(True)
fast.set_consecutive_sample_count(5)

buffer.set_buffer_capacity(60000)  # Refused by the instrument; the library does not tell.

print(
    json.dumps(
        {
            "serial": device.serial_number,
            "pixels": device.pixels,
            "limits": list(device.integration_time_micros_limits),
            "capacity": [buffer.get_buffer_capacity(), buffer.get_buffer_capacity_maximum()],
            "elements": buffer.get_number_of_elements(),
            "samples": [fast.get_buffering_enable(), fast.get_consecutive_sample_count()],
            "wavelength": float(spectrometer.get_wavelengths()[intensities.argmax()]),
            "fast": [len(spectrum) for spectrum in spectrometer.get_fast_buffer_spectrum(3)],
        }
    )
)
