// SPDX-License-Identifier: MIT
// Events over ZeroMQ: names, topics, frames, the publishing side.
export type { EventLayout, EventName } from "./event-names.ts";
export { eventNames, layoutFor, parseEvent, topicEvent } from "./event-names.ts";
export { callInfoFrame, DataFrames, littleEndianFrame } from "./frames.ts";
export type { EventMessage, Succession } from "./messages.ts";
export { eventData, MessageCounter, readEventMessage } from "./messages.ts";
export type { EventWeight, PublisherOptions } from "./publisher.ts";
export { EventPublisher } from "./publisher.ts";
export type { Link, TopicSocketOptions } from "./topic-socket.ts";
export { TopicSocket } from "./topic-socket.ts";
