// SPDX-License-Identifier: MIT
// The interface of a motor, whatever controller drives it: a superset of what existing clients of Tango motors call
// (BLISS, its axis server's names; Sardana's; ATK and Taurus panels; ophyd-async), so that each finds its own words.
// Units: position in the axis' unit u, times in seconds. "User" positions are sign x dial + offset.
import {
  DevBoolean,
  DevDouble,
  DevLong,
  DevShort,
  DevString,
  DevVarDoubleArray,
  DevVarStringArray,
  DevVoid,
} from "../tango/idl/tango-types.ts";
import {
  command,
  defineInterface,
  image,
  optionalProperty,
  property,
  readable,
  spectrum,
  writable,
} from "../tango/interface.ts";

const pushed = { events: { change: "pushed" } } as const;
const setting = { ...pushed, level: "EXPERT" } as const;

export const motor = defineInterface({
  name: "Motor",
  description: "A motor: write Position to move, State is MOVING until it rests.",
  properties: {
    Unit: property(DevString, "mm", "Unit of positions, u below"),
    StepsPerUnit: property(DevDouble, 1000, "Steps of the controller in one unit; negative turns the dial around"),
    EncoderStepsPerUnit: optionalProperty(DevDouble, "Steps of the encoder in one unit; default: StepsPerUnit"),
    Sign: property(DevShort, 1, "1 or -1: user = sign x dial + offset, until a client changes it"),
    Offset: property(DevDouble, 0, "u, until a client changes it"),
    Velocity: optionalProperty(DevDouble, "u/s, until a client changes it; default: what the controller has"),
    MaxVelocity: optionalProperty(DevDouble, "u/s: Velocity and jogs are not faster"),
    Acceleration: optionalProperty(DevDouble, "u/s^2, until a client changes it; default: what the controller has"),
    FirstVelocity: property(DevDouble, 0, "u/s: ramps start and end at this speed"),
    JogVelocity: optionalProperty(DevDouble, "u/s; default: Velocity"),
    Backlash: property(DevDouble, 0, "u: the last part of every move goes this way by this much; 0: none"),
    SettleTime: property(DevDouble, 0, "s to wait at the end of a move"),
    Tolerance: property(DevDouble, 0, "u: how far encoder and motor may differ after a move; 0: not checked"),
    LowLimit: optionalProperty(DevDouble, "User limit, until a client changes it"),
    HighLimit: optionalProperty(DevDouble, "User limit, until a client changes it"),
    HomePosition: optionalProperty(DevDouble, "Dial position given to the home switch when it is found"),
    StepSize: property(DevDouble, 1, "u of StepUp and StepDown, until a client changes it"),
    write_position_wait: property(
      DevBoolean,
      false,
      "Writing Position, StepUp and StepDown answer when the axis rests",
    ),
    PollingTime: property(DevDouble, 0.02, "s between two looks at the controller while moving"),
    IdlePollingTime: property(DevDouble, 1, "s between two looks at the controller at rest"),
    EventPeriod: property(DevDouble, 0.1, "s between two position events while moving"),
    Settings: property(DevVarStringArray, [], "What clients have set, kept by the device itself: name=value"),
  },
  attributes: {
    Position: writable(DevDouble, {
      ...pushed,
      waits: true,
      format: "%10.4f",
      description: "User position; writing it starts a move",
    }),
    DialPosition: readable(DevDouble, { ...pushed, format: "%10.4f", description: "Position before sign and offset" }),
    Measured_Position: readable(DevDouble, {
      ...pushed,
      format: "%10.4f",
      description: "User position by the encoder",
    }),
    FollowingError: readable(DevDouble, { format: "%10.4f", description: "Position - Measured_Position" }),
    Steps: readable(DevLong, { description: "Steps of the controller" }),
    Steps_per_unit: readable(DevDouble, { format: "%g" }),
    Velocity: writable(DevDouble, { ...setting, description: "Of the moves that follow" }),
    Acceleration: writable(DevDouble, { ...setting, description: "Of the moves that follow; AccTime follows" }),
    AccTime: writable(DevDouble, { ...setting, unit: "s", format: "%8.4f", description: "Time to reach Velocity" }),
    FirstVelocity: writable(DevDouble, { ...setting, description: "Speed at which ramps start and end" }),
    JogVelocity: writable(DevDouble, { ...setting, description: "Default speed of a jog" }),
    Backlash: writable(DevDouble, {
      ...setting,
      description: "The last part of every move goes this way by this much",
    }),
    SettleTime: writable(DevDouble, { ...setting, unit: "s", description: "Wait at the end of a move" }),
    Tolerance: writable(DevDouble, {
      ...setting,
      description: "Allowed |FollowingError| after a move; 0: not checked",
    }),
    Sign: writable(DevShort, { ...setting, description: "1 or -1; writing keeps the dial position" }),
    Offset: writable(DevDouble, { ...setting, format: "%10.4f", description: "Writing keeps the dial position" }),
    LowLimit: writable(DevDouble, { ...setting, description: "User limit; -inf: none", acceptNaN: true }),
    HighLimit: writable(DevDouble, { ...setting, description: "User limit; inf: none", acceptNaN: true }),
    Limits: writable(spectrum(DevDouble, 2), { ...pushed, description: "[low, high] in user units", acceptNaN: true }),
    HardLimitLow: readable(DevBoolean, { ...pushed, description: "The axis is on the low limit switch (user side)" }),
    HardLimitHigh: readable(DevBoolean, { ...pushed, description: "The axis is on the high limit switch (user side)" }),
    HomeSwitch: readable(DevBoolean, { ...pushed, description: "The axis is on the home switch" }),
    Limit_switches: readable(spectrum(DevBoolean, 3), { description: "home, high, low" }),
    Home_Position: writable(DevDouble, {
      ...setting,
      acceptNaN: true,
      description: "Dial position of the home switch; NaN: homing does not set it",
    }),
    Home_side: readable(DevBoolean, { description: "The home switch is on the high side of the axis" }),
    PresetPosition: writable(DevDouble, {
      description: "Writing it makes the present position read this, without motion",
    }),
    StepSize: writable(DevDouble, { ...setting, description: "Of StepUp and StepDown" }),
    ClosedLoop: writable(DevBoolean, { ...setting, description: "The controller holds the position by the encoder" }),
    Target: readable(DevDouble, { ...pushed, format: "%10.4f", description: "Where the last move was sent" }),
    RemainingTime: readable(DevDouble, { unit: "s", description: "Estimate until the present move ends; 0 at rest" }),
    trajpar: writable(image(DevDouble, 1000, 5), {
      level: "EXPERT",
      description:
        "The trajectory as LoadTrajectory takes it, in rows: times s, positions u, velocities u/s; none: one 0",
    }),
    GroupDevice: readable(DevString, {
      level: "EXPERT",
      description: "Device that moves several axes of this controller in one request; empty: none",
    }),
  },
  commands: {
    On: command(DevVoid, DevVoid),
    Off: command(DevVoid, DevVoid),
    Stop: command(DevVoid, DevVoid),
    Abort: command(DevVoid, DevVoid),
    MoveRelative: command(DevDouble, DevVoid, { inputDescription: "u, from the last target" }),
    StepUp: command(DevVoid, DevVoid, { waits: true }),
    StepDown: command(DevVoid, DevVoid, { waits: true }),
    Jog: command(DevDouble, DevVoid, { inputDescription: "u/s, signed; 0 stops" }),
    JogMove: command(DevDouble, DevVoid, { inputDescription: "u/s, signed; 0 stops" }),
    GoHome: command(DevVoid, DevVoid),
    GoHomeInversed: command(DevVoid, DevVoid),
    FindLimit: command(DevShort, DevVoid, { inputDescription: "1: high limit switch, -1: low" }),
    MoveTo: command(DevDouble, DevDouble, {
      waits: true,
      inputDescription: "User position",
      outputDescription: "Where it rests, once it does; a client that waits 3 s only had better write Position",
    }),
    GroupMove: command(DevVarStringArray, DevVoid, {
      inputDescription: "As GroupMoveTo; answers when they have started",
    }),
    GroupMoveTo: command(DevVarStringArray, DevVarDoubleArray, {
      waits: true,
      inputDescription:
        "device, user position, device, user position ...: motors of this server, started by one request",
      outputDescription: "Where they rest, in that order, once all do",
    }),
    MoveTime: command(DevDouble, DevDouble, {
      inputDescription: "User position",
      outputDescription: "s that a move there from rest here takes, backlash and settling included",
    }),
    WaitMove: command(DevVoid, DevVoid, { waits: true, outputDescription: "Answers when the motion has ended" }),
    SetPosition: command(DevDouble, DevDouble, {
      inputDescription: "Makes the present position read this (offset)",
      outputDescription: "What it read before",
    }),
    DefinePosition: command(DevDouble, DevVoid, { inputDescription: "As SetPosition" }),
    SetDial: command(DevDouble, DevDouble, {
      inputDescription: "Dial position of the present place; keeps the user position",
      outputDescription: "Dial position it had before",
    }),
    SyncHard: command(DevVoid, DevVoid),
    CtrlPosition: command(DevVoid, DevDouble, { outputDescription: "Dial position read from the controller now" }),
    LoadTrajectory: command(DevVarDoubleArray, DevVoid, {
      inputDescription: "Rows of time s, position u, velocity u/s: a cubic between two of them",
    }),
    StartTrajectory: command(DevVoid, DevVoid),
    SetGate: command(DevLong, DevVoid, { inputDescription: "1 opens the gate output of the controller, 0 closes it" }),
    ReadConfig: command(DevString, DevString, { inputDescription: "Name of a setting or property" }),
    SettingsToConfig: command(DevVoid, DevVoid),
    SaveConfig: command(DevVoid, DevVoid),
    ApplyConfig: command(DevBoolean, DevVoid, {
      inputDescription: "Forgets what clients have set; true: reads the properties again first",
    }),
    GetInfo: command(DevVoid, DevString),
    GetControllerClassName: command(DevVoid, DevString),
    GetCustomCommandList: command(DevVoid, DevVarStringArray),
    GetCustomAttributeList: command(DevVoid, DevVarStringArray),
    RawWrite: command(DevString, DevVoid, { level: "EXPERT" }),
    RawWriteRead: command(DevString, DevString, { level: "EXPERT" }),
  },
});
