import type { Dispatcher } from 'undici';
import { startTimer } from '../vu/exact-timer.ts';
import type { Connection } from './connection.ts';
import { type NetworkError, TIMEOUT, toNetworkError } from './network-error.ts';
import { type Moments, type Timings, timingsOf } from './timings.ts';

/** A request as it goes out. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly bytes: Uint8Array | null;
}

/** What came of it. With an `error`, the rest is what had arrived until then. */
export interface Exchange {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly timings: Timings;
  /** Whether it had to open its connection. */
  readonly opened: boolean;
  readonly error: NetworkError | null;
}

/**
 * Sends one request on one connection and collects the answer. Nothing is sent twice and nothing followed here.
 *
 * @param begun When the caller began, of performance.now().
 * @param deadline When it is to have ended, of performance.now(). The connection is ended with it.
 * @returns Settles with an error, and does not reject.
 */
export function exchange(
  connection: Connection,
  request: WireRequest,
  begun: number,
  deadline: number,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const openings = connection.openings;
    const moments: Moments = { begun, sending: 0, sent: 0, firstByte: 0, ended: 0 };
    const chunks: Buffer[] = [];
    let answer: { status: number; statusText: string; headers: Exchange['headers'] } | null = null;
    let over = false;

    const end = (error: NetworkError | null) => {
      if (over) return;
      over = true;
      cancelTimer();
      moments.ended = performance.now();
      if (error) connection.destroy();
      else connection.served += 1;
      resolve({
        ...(answer ?? { status: 0, statusText: '', headers: {} }),
        body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
        timings: timingsOf(moments, connection, connection.openings > openings),
        opened: connection.openings > openings,
        error,
      });
    };
    const cancelTimer = startTimer(Math.max(0, deadline - performance.now()), () => end(TIMEOUT));

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {
        moments.sending = performance.now();
      },
      onRequestSent() {
        moments.sent = performance.now();
      },
      onResponseStart(_controller, status, headers, statusText = '') {
        // An interim answer, such as 103, comes before the one that counts.
        if (status < 200) return;
        moments.firstByte = performance.now();
        answer = { status, statusText, headers };
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        end(null);
      },
      onResponseError(_controller, error) {
        end(toNetworkError(error, answer !== null));
      },
    };
    try {
      connection.client.dispatch(
        {
          path: request.url.pathname + request.url.search,
          method: request.method as Dispatcher.HttpMethod,
          headers: request.headers as string[],
          body: request.bytes,
        },
        handler,
      );
    } catch (error) {
      // What the client refuses to send, such as a header that is none.
      end(toNetworkError(error, false));
    }
  });
}
