# SPDX-License-Identifier: MIT
# SINC with Google's protocol buffers, message numbers and fields as the maker's sinc.proto has them.
#   falconx-sinc.py client PORT   drives an instrument through one gated acquisition; prints what it was told, as JSON
#   falconx-sinc.py instrument    is an instrument of one channel: prints its port, and in the end the parameters it was set
import json
import socket
import struct
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

TYPES = {
    "int32": 5, "uint32": 13, "int64": 3, "uint64": 4, "double": 1, "bool": 8, "string": 9,
}  # fmt: skip
MESSAGES = {
    "KeyValue": "key=1:string! channelId=8:int32 intVal=2:int64 floatVal=3:double boolVal=4:bool strVal=5:string"
    " optionVal=6:string paramType=7:int32",
    "SuccessResponse": "errorCode=1:int32 message=2:string channelId=3:int32",
    "PingCommand": "verbose=1:bool",
    "GetParamCommand": "key=1:string channelId=2:int32 chanKeys=3:KeyValue*",
    "GetParamResponse": "success=1:SuccessResponse! results=2:KeyValue* channelId=3:int32",
    "SetParamCommand": "param=1:KeyValue channelId=2:int32 params=3:KeyValue* settingAllParams=4:bool"
    " fromFirmwareVersion=5:string",
    "StartHistogramCommand": "reserved=1:uint32! channelId=11:int32",
    "HistogramDataResponse": "dataSetId=2:uint64 timeElapsed=3:double samplesDetected=4:uint64 samplesErased=5:uint64"
    " pulsesAccepted=6:uint64 pulsesRejected=7:uint64 inputCountRate=8:double outputCountRate=9:double"
    " deadTimePercent=10:double gateState=11:uint32 spectrumSelectionMask=12:uint32 subRegionStartIndex=13:uint32"
    " subRegionEndIndex=14:uint32 refreshRate=15:uint32 plotLen=16:uint32* channelId=17:int32 trigger=20:int32",
    "StopDataAcquisitionCommand": "channelId=1:int32 skip=2:bool",
    "ParamUpdatedResponse": "params=1:KeyValue* channelId=2:int32",
    "MonitorChannelsCommand": "channelId=1:int32*",
}
NUMBERS = {
    "SuccessResponse": 1, "PingCommand": 2, "GetParamCommand": 3, "GetParamResponse": 4, "SetParamCommand": 5,
    "StartHistogramCommand": 8, "HistogramDataResponse": 11, "StopDataAcquisitionCommand": 14,
    "ParamUpdatedResponse": 26, "MonitorChannelsCommand": 33,
}  # fmt: skip
COMMAND, RESPONSE = 0x88E7D5C6, 0x87D6C4B5


def classes():
    """! is required, * repeated."""
    file = descriptor_pb2.FileDescriptorProto(name="sinc.proto", package="sinc", syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field in fields.split():
            left, kind = field.split(":")
            name, number = left.split("=")
            label = {"!": 2, "*": 3}.get(kind[-1], 1)
            kind = kind.rstrip("!*")
            added = message.field.add(name=name, number=int(number), label=label, type=TYPES.get(kind, 11))
            if kind in MESSAGES:
                added.type_name = ".sinc." + kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    if hasattr(message_factory, "GetMessageClass"):
        make = message_factory.GetMessageClass
    else:
        make = message_factory.MessageFactory(pool).GetPrototype
    return {name: make(pool.FindMessageTypeByName("sinc." + name)) for name in MESSAGES}


SINC = classes()
NAMES = {number: name for name, number in NUMBERS.items()}


class Link:
    def __init__(self, connection, sent, received):
        self.connection, self.sent, self.received, self.rest = connection, sent, received, b""
        connection.settimeout(10)

    def send(self, name, payload=None, **fields):
        payload = SINC[name](**fields).SerializeToString() if payload is None else payload
        head = struct.pack("<IIBB", self.sent, len(payload) + 2, 3, NUMBERS[name])
        self.connection.sendall(head + payload)

    def take(self, count):
        while len(self.rest) < count:
            more = self.connection.recv(65536)
            if not more:
                raise EOFError
            self.rest += more
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def receive(self):
        marker, length, kind, number = struct.unpack("<IIBB", self.take(10))
        assert (marker, kind) == (self.received, 3), (hex(marker), kind)
        payload, name = self.take(length - 2), NAMES[number]
        if name != "HistogramDataResponse":
            return name, SINC[name].FromString(payload), None
        (size,) = struct.unpack_from("<H", payload)
        header = SINC[name].FromString(payload[2 : 2 + size])
        return name, header, struct.unpack_from("<%dI" % header.plotLen[0], payload, 2 + size)

    def until(self, wanted):
        while True:
            name, message, counts = self.receive()
            if name == wanted:
                return message, counts


def client(port):
    link = Link(socket.create_connection(("127.0.0.1", port)), COMMAND, RESPONSE)
    told = {}

    def done():
        answer, _ = link.until("SuccessResponse")
        return answer.errorCode, answer.message

    def get(key):
        link.send("GetParamCommand", key=key, channelId=1)
        value = link.until("GetParamResponse")[0].results[0]
        return {field.name: known for field, known in value.ListFields()}

    link.send("PingCommand")
    told["ping"] = done()
    for key in ("instrument.numChannels", "channel.state", "pulse.calibrated", "histogram.refreshRate", "afe.coupling"):
        told[key] = get(key)
    link.send("GetParamCommand", key="no.such", channelId=1)
    told["no such"] = done()
    link.send("MonitorChannelsCommand", channelId=[1])
    told["monitor"] = done()
    values = [
        SINC["KeyValue"](key="histogram.mode", optionVal="gated"),
        SINC["KeyValue"](key="gate.statsCollectionMode", optionVal="whenHigh"),
        SINC["KeyValue"](key="histogram.binSubRegion.highIndex", intVal=1023),
    ]
    link.send("SetParamCommand", channelId=1, params=values)
    told["set"] = done()
    link.send("SetParamCommand", channelId=1, param=SINC["KeyValue"](key="histogram.refreshRate", strVal="0"))
    told["set text"] = done()
    told["refresh"] = get("histogram.refreshRate")["floatVal"]
    link.send("StartHistogramCommand", reserved=0, channelId=1)
    state, _ = link.until("ParamUpdatedResponse")
    told["state"] = [state.channelId, state.params[0].key, state.params[0].optionVal]
    print("started", flush=True)
    header, counts = link.until("HistogramDataResponse")
    told["histogram"] = [header.channelId, header.trigger, len(counts), sum(counts) == header.pulsesAccepted > 0]
    told["dead"] = header.outputCountRate < header.inputCountRate
    link.send("StopDataAcquisitionCommand", channelId=1)
    told["stopped"] = link.until("ParamUpdatedResponse")[0].params[0].optionVal
    print(json.dumps(told))


def instrument():
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    link = Link(server.accept()[0], RESPONSE, COMMAND)
    facts = {
        "instrument.numChannels": {"intVal": 1, "strVal": "1", "paramType": 1},
        "channel.state": {"optionVal": "ready", "strVal": "ready", "paramType": 5},
        "pulse.calibrated": {"boolVal": True, "strVal": "true", "paramType": 3},
    }
    parameters = {}

    def state(word):
        value = SINC["KeyValue"](key="channel.state", optionVal=word, strVal=word, paramType=5)
        link.send("ParamUpdatedResponse", params=[value], channelId=0)

    def histogram():
        header = SINC["HistogramDataResponse"](
            dataSetId=1, timeElapsed=0.25, pulsesAccepted=4950, pulsesRejected=50, inputCountRate=25000.0,
            outputCountRate=19800.0, deadTimePercent=20.8, gateState=1, spectrumSelectionMask=1, plotLen=[100],
            subRegionStartIndex=0, subRegionEndIndex=99, channelId=0, trigger=3,
        ).SerializeToString()  # fmt: skip
        counts = struct.pack("<100I", *range(100))
        link.send("HistogramDataResponse", struct.pack("<H", len(header)) + header + counts)

    try:
        while True:
            name, message, _ = link.receive()
            if name == "GetParamCommand":
                known = facts.get(message.key, {"strVal": "of " + message.key, "paramType": 4})
                results = [SINC["KeyValue"](key=message.key, channelId=message.channelId, **known)]
                link.send("GetParamResponse", success=SINC["SuccessResponse"](), results=results)
                continue
            if name == "SetParamCommand":
                for value in message.params:
                    given = {field.name: known for field, known in value.ListFields()}
                    parameters[given.pop("key")] = given
            link.send("SuccessResponse")
            if name == "StartHistogramCommand":
                state("histo")
                histogram()
                state("ready")
    except (EOFError, OSError):
        print(json.dumps(parameters), flush=True)


client(int(sys.argv[2])) if sys.argv[1] == "client" else instrument()
