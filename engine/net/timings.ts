import type { Connection } from './connection.ts';

/** A request's phases in milliseconds, as in k6. `duration` is sending, waiting and receiving together. */
export interface Timings {
  /** The time from the call until a connection is available, including the time to open it. */
  readonly blocked: number;
  readonly connecting: number;
  readonly tls_handshaking: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
  readonly duration: number;
  /** Always 0, because k6 has not measured DNS lookups since version 0.26. */
  readonly looking_up: number;
}

/** One request's timestamps on the `performance.now()` clock. 0 if a point was not reached. */
export interface Moments {
  begun: number;
  sending: number;
  sent: number;
  firstByte: number;
  ended: number;
}

/** @param opened Whether this request opened the connection. */
export function timingsOf(moments: Moments, connection: Connection, opened: boolean): Timings {
  const { begun, ended } = moments;
  const sending = span(moments.sending, moments.sent || ended);
  const waiting = span(moments.sent, moments.firstByte || ended);
  const receiving = span(moments.firstByte, ended);
  return {
    duration: sending + waiting + receiving,
    blocked: span(begun, moments.sending || ended),
    looking_up: 0,
    connecting: opened ? span(connection.connectStart, connection.connected) : 0,
    tls_handshaking: opened ? span(connection.connected, connection.secured) : 0,
    sending,
    waiting,
    receiving,
  };
}

const span = (from: number, to: number): number => (from > 0 && to > 0 ? Math.max(0, to - from) : 0);

export const NO_TIMINGS: Timings = {
  duration: 0,
  blocked: 0,
  looking_up: 0,
  connecting: 0,
  tls_handshaking: 0,
  sending: 0,
  waiting: 0,
  receiving: 0,
};
