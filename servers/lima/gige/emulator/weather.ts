// SPDX-License-Identifier: MIT
// What goes wrong on the way from the emulated camera, on request; set and reset at will.

export interface PacketPlace {
  readonly block: bigint;
  /** 0 the leader, from 1 the data, then the trailer. */
  readonly packet: number;
  /** It was asked for again. */
  readonly resent: boolean;
}

export interface Weather {
  /** Packets of the stream that do not arrive. */
  lose: (packet: PacketPlace) => boolean;
  /** Packets that arrive twice. */
  duplicate: (packet: PacketPlace) => boolean;
  /** Packets that arrive after the next one. */
  delay: (packet: PacketPlace) => boolean;
  /** Packets the camera no longer keeps when it is asked for them. */
  forget: (packet: PacketPlace) => boolean;
  /** Nothing is answered or sent: the cable is out. */
  unplugged: boolean;
  /** Answers to commands that get lost: so many of the next. */
  loseAnswers: number;
  /** Milliseconds it takes to write a register, with "wait" said first; 0: at once. */
  slowWrites: number;
}

const never = () => false;

export const fairWeather = (): Weather => ({
  lose: never,
  duplicate: never,
  delay: never,
  forget: never,
  unplugged: false,
  loseAnswers: 0,
  slowWrites: 0,
});
