// SPDX-License-Identifier: MIT
// Events over ZeroMQ: names, topics, frames, the publishing and the subscribing side.
export type { EventLayout, EventName } from "./event-names.ts";
export { eventNames, layoutFor, parseEvent, topicEvent } from "./event-names.ts";
export { callInfoFrame, DataFrames, littleEndianFrame } from "./frames.ts";
export type { EventMessage, Succession } from "./messages.ts";
export { eventData, MessageCounter, readEventMessage } from "./messages.ts";
export type { EventWeight, PublisherOptions } from "./publisher.ts";
export { EventPublisher } from "./publisher.ts";
export { Subscriber } from "./zmtp/subscriber.ts";
export type { Frames, Receive } from "./zmtp/topics.ts";
