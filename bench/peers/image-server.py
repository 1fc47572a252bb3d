# A PyTango server whose command readImage answers with 8 MiB as LimaCCDs does: what an image costs there.
import numpy
from tango.server import Device, command, run

pixels = numpy.random.default_rng(1).integers(0, 255, 80 + 2048 * 2048 * 2).astype("uint8").tobytes()


class Images(Device):
    @command(dtype_in="int32", dtype_out="DevEncoded")
    def readImage(self, index):
        return "DATA_ARRAY", pixels


run((Images,))
