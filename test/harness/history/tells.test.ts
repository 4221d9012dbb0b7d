import { expect, test } from 'vitest';
import { History } from '../../../harness/history/history.ts';
import { tells } from '../../../harness/history/tells.ts';
import { request } from '../../support/history.ts';

const REFUSED = { error: 'dial: connection refused', error_code: '1212' };
const DIAL_TIMEOUT = { error: 'dial: i/o timeout', error_code: '1211' };
const TIMED_OUT = { error: 'request timeout', error_code: '1050' };
const RESET = { error: 'read: connection reset by peer', error_code: '1220' };
const BROKEN_PIPE = { error: 'write: broken pipe', error_code: '1201' };
const CLOSED = { error: 'EOF', error_code: '1000' };
const CUT = { error: 'unexpected EOF', error_code: '1000' };
const MALFORMED = { error: 'malformed HTTP response "x"', error_code: '1000' };
const NO_ADDRESS = { error: 'dial: cannot assign requested address', error_code: '1210' };
const STREAM = { error: 'http2: stream error with http2 ErrCode INTERNAL_ERROR', error_code: '1633' };
const GO_AWAY = { error: 'http2: received GoAway with http2 ErrCode NO_ERROR', error_code: '1611' };
const NO_HOST = { error: 'lookup: no such host', error_code: '1101' };

test.each([
  ['an answer', 500, {}, true, true],
  ['a dial that was refused', 0, REFUSED, true, true],
  ['a dial that timed out', 0, DIAL_TIMEOUT, true, true],
  ['a request that timed out', 0, TIMED_OUT, true, true],
  ['a reset', 0, RESET, true, false],
  ['a broken pipe', 0, BROKEN_PIPE, true, false],
  ['an end without a word', 0, CLOSED, true, false],
  ['an answer that was cut', 0, CUT, true, true],
  ['an answer that is none', 0, MALFORMED, true, true],
  ['a stream that was reset', 0, STREAM, true, true],
  ['a connection that was given up', 0, GO_AWAY, true, true],
  ['an address that was not to be had', 0, NO_ADDRESS, false, false],
  ['a host that nobody knows', 0, NO_HOST, false, false],
  ['an end of which nothing is said', 0, {}, false, false],
])(
  '%s says something about the service: on a new connection, and on a keep-alive connection',
  (_, status, tags, fresh, kept) => {
    const sent = { ...request(0, 5, 200, {}), status, tags };
    expect([tells(sent), tells({ ...sent, opened: false })]).toEqual([fresh, kept]);
  },
);

test('a history returns the requests that say something, or all that were sent', () => {
  const tags = { about: 'probe' };
  const answered = request(0, 5, 200, tags);
  const lost = { ...request(1, 5, 0, tags), opened: false };
  const history = new History([answered, lost]);
  expect(history.requests(tags)).toEqual([answered]);
  expect(history.sent(tags)).toEqual([answered, lost]);
});
