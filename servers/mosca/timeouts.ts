// SPDX-License-Identifier: MIT
/** Seconds, where no property says otherwise. */
export const TIMEOUT = 5;

/** The timeout_ attributes of a hardware device, by its properties. */
export function timeouts(properties: {
  readonly start_timeout: number;
  readonly stop_timeout: number;
  readonly setup_timeout: number;
  readonly prepare_timeout: number;
}) {
  const or = (seconds: number) => () => (seconds > 0 ? seconds : TIMEOUT);
  return {
    timeout_start: or(properties.start_timeout),
    timeout_stop: or(properties.stop_timeout),
    timeout_setup: or(properties.setup_timeout),
    timeout_prepare: or(properties.prepare_timeout),
  };
}
