import { Refusal } from '../base/refusal.ts';
import { certificate } from './certificate.ts';
import { cut } from './cut.ts';
import { cutStream } from './cut-stream.ts';
import { drip } from './drip.ts';
import { errorInBody } from './error-in-body.ts';
import { errorInStream } from './error-in-stream.ts';
import { flood } from './flood.ts';
import { halfClose } from './half-close.ts';
import { hang } from './hang.ts';
import { htmlPage } from './html-page.ts';
import { keepAlives } from './keep-alives.ts';
import { latency } from './latency.ts';
import { latencyRamp } from './latency-ramp.ts';
import { byName } from './lib/fault.ts';
import { refuseReserved } from './lib/reserved-fields.ts';
import type { UpstreamFault } from './lib/upstream-fault.ts';
import { malformedJson } from './malformed-json.ts';
import { missingDone } from './missing-done.ts';
import { mixOf } from './mix.ts';
import { nothingLeft } from './nothing-left.ts';
import { partialJson } from './partial-json.ts';
import { redirect } from './redirect.ts';
import { refuse } from './refuse.ts';
import { reset } from './reset.ts';
import { resetInBody } from './reset-in-body.ts';
import { resetInHeaders } from './reset-in-headers.ts';
import { slowFirstToken } from './slow-first-token.ts';
import { splitChunks } from './split-chunks.ts';
import { stall } from './stall.ts';
import { status } from './status.ts';
import { toolCalls } from './tool-calls.ts';

/** The kinds that act on single requests, which are those that a mix can have. */
const onRequests = byName(
  status,
  redirect,
  htmlPage,
  errorInBody,
  errorInStream,
  malformedJson,
  partialJson,
  latency,
  latencyRamp,
  slowFirstToken,
  splitChunks,
  hang,
  stall,
  drip,
  keepAlives,
  reset,
  resetInHeaders,
  resetInBody,
  halfClose,
  cut,
  cutStream,
  missingDone,
  nothingLeft,
  flood,
  toolCalls,
);

const overTls = byName(...onRequests.values(), mixOf(onRequests), refuse, certificate);
const overHttp = new Map([...overTls, ...byName({ ...certificate, create: refuseWithoutTls })]);

/** All kinds of faults for an HTTPS upstream, by name in the control API. */
export const upstreamFaults: ReadonlyMap<string, UpstreamFault> = overTls;

/** All kinds of faults for an upstream that is served over plain HTTP and therefore has no certificates. */
export const plainUpstreamFaults: ReadonlyMap<string, UpstreamFault> = overHttp;

/**
 * Adds a team's own kind of fault to this process.
 *
 * @throws RangeError if there is a kind with this name
 * @throws Refusal `reserved-field` if a field has the name of one that all faults have
 */
export function addUpstreamFault(fault: UpstreamFault): void {
  refuseReserved(fault);
  if (overTls.has(fault.kind)) throw new RangeError(`there is already a fault "${fault.kind}"`);
  const acting = fault.actsOn === 'requests' ? [onRequests, overTls, overHttp] : [overTls, overHttp];
  for (const kinds of acting) kinds.set(fault.kind, fault);
}

function refuseWithoutTls(): never {
  throw new Refusal('no-tls', '"certificate" needs TLS; allowed for an upstream without "tls: false"');
}
