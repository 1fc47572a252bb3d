# SPDX-License-Identifier: MIT
# Moves a motor from ophyd-async, which learns its attributes and commands by itself. Argument: device name. Prints JSON.
import asyncio
import json
import sys

from ophyd_async.tango.core import TangoDevice


async def state(motor):
    value = await motor.State.get_value()
    return getattr(value, "value", str(value))


async def main():
    motor = TangoDevice(sys.argv[1], name="m")
    await motor.connect(timeout=10)
    seen = {"start": await motor.Position.get_value()}
    await motor.Velocity.set(5.0)
    await motor.Position.set(0.5)
    states = [await state(motor)]
    while states[-1] == "MOVING":
        states.append(await state(motor))
    seen["states"] = [states[0], states[-1]]
    seen["end"] = await motor.Position.get_value()
    seen["velocity"] = await motor.Velocity.get_value()
    await motor.Stop.trigger()
    print(json.dumps(seen))


asyncio.run(main())
