import type { Vu } from '../vu/vu.ts';
import { recordRequest } from './request-samples.ts';
import { NO_HEAD } from './response-head.ts';
import type { Reply, ScriptRequest } from './send.ts';
import { NO_TIMINGS } from './timings.ts';

/** A URL that is not HTTP's is a failed request, and counted as one (golden record 37). */
export function refuseUrl(vu: Vu, href: string, request: Omit<ScriptRequest, 'target'>): Reply {
  const { params, method, name } = request;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1] ?? '';
  const error = { message: `unsupported protocol scheme ${JSON.stringify(scheme)}`, code: 1000 };
  const nothing = Buffer.alloc(0);
  const ended = performance.now();
  recordRequest(vu, {
    time: ended,
    method,
    url: href,
    name,
    tags: params.tags,
    status: 0,
    error,
    timings: NO_TIMINGS,
    expected: params.isExpected?.(0),
    tlsVersion: '',
    ip: '',
  });
  return {
    method,
    url: href,
    sent: request.bytes,
    sentHeaders: {},
    exchange: { head: NO_HEAD, body: nothing, timings: NO_TIMINGS, opened: false, ended, error },
    body: nothing,
    connection: null,
    status: 0,
    error,
  };
}
