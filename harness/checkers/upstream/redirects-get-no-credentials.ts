import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import type { RedirectedReceipt, RequestReceipt } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import {
  type BuiltInChecker,
  type Facts,
  isServed,
  isServedWithout,
  planned,
  tally,
  withEvidence,
} from '../lib/checker.ts';
import { isTimedOut } from '../lib/timed-out.ts';

/**
 * The maximum number of requests with which a call may follow an endless redirect. No client follows more than 50 by
 * default (curl, .NET), and others follow 5 to 30.
 */
const MOST_HOPS = 50;

/**
 * Checks that a service which follows a redirect of an upstream to another host sends no credentials there, where anybody
 * may get them. A service may follow redirects without credentials, or not at all. It must give up an endless redirect,
 * and must not pass a redirect on as a success. When the upstream redirects no more, calls must reach it again. The other
 * host is a listener of the lab with its own port, another host name and a certificate that clients have to trust. It
 * responds with 503.
 */
export const redirectsGetNoCredentials: BuiltInChecker = {
  name: 'redirects-get-no-credentials',
  restsOn: ['steady-state'],
  usually: 'The HTTP client follows redirects to other hosts, and sends an API key in a custom header along.',
  fix: "Don't follow redirects of an API: `redirect: 'error'` of fetch, `maxRedirects: 0` of axios, `followRedirect: false` of got, `follow_redirects=False` of httpx, `allow_redirects=False` of requests, `CheckRedirect` of Go's http.Client. If they must be followed, set the key for each host. Treat statuses from 300 to 399 as failed calls.",
  cases: (facts) => planned(facts, 'redirected')?.map((phase) => ({ check: checkOf(phase), promises: [] })),
  without: 'no endpoint reaches an HTTP upstream',
  judge: (history, facts) => history.phases('redirected').map((phase) => judge(history, facts, phase)),
};

const checkOf = ({ upstream, fault, endpoint }: PlannedAction<'redirected'>): string =>
  `fails safely after a redirect: ${upstream} ${fault}, ${endpoint}`;

function judge(history: History, facts: Facts, phase: PhaseEntry<ActionPhase<'redirected'>>): Finding {
  const { upstream, endpoint } = phase;
  const calls = history.requestsIn(phase);
  const receipts = history.receiptsIn(phase, upstream);
  const redirected = receipts.filter(({ status }) => isRedirection(status));
  const atOnce = history.redirectedIn(phase, upstream);
  const { late, remembered } = afterwards(history, phase, Math.max(0, redirected.length - atOnce.length));
  const followed = [...atOnce, ...late];
  const leaked = followed.filter(({ credentials }) => credentials !== undefined);
  const most = MOST_HOPS * promisedCallsOf(facts.contract, upstream).attempts * Math.max(1, calls.length);
  // The status of a stream is sent before its upstream fails.
  const mayBeServed =
    isServedWithout(facts, endpoint, upstream) || facts.contract.endpoints[endpoint]?.stream !== undefined;
  const judged = {
    check: checkOf(phase),
    requests: tagsIn(phase),
    expected: `no credentials at the other host, at most ${most} requests there${mayBeServed ? '' : ', and the call is not served'}`,
    observed: `${count(redirected.length, 'redirect')}, ${count(followed.length, 'request')} at the other host, ${leaked.length} with credentials; ${tally(calls.map(({ status }) => status))}`,
  };
  if (remembered > 0) {
    const isLeaked = leaked.length > 0 ? [whyLeaked(upstream, leaked)] : [];
    const usually = [whyRemembered(upstream, remembered), ...isLeaked].join(' ');
    return { ...judged, verdict: 'FAIL', usually, evidence: leaked.slice(0, SHOWN).map(described) };
  }
  if (leaked.length > 0)
    return {
      ...judged,
      verdict: 'FAIL',
      usually: whyLeaked(upstream, leaked),
      evidence: leaked.slice(0, SHOWN).map(described),
    };
  if (followed.length > most) return { ...judged, verdict: 'FAIL', usually: whyEndless(upstream, followed.length) };
  if (redirected.length === 0) return withEvidence({ ...judged, verdict: 'INCONCLUSIVE' }, whyNotRedirected(receipts));
  if (!mayBeServed && calls.some((call) => isServed(facts, call)))
    return { ...judged, verdict: 'FAIL', usually: whyServed(upstream, followed.length > 0) };
  const isCutOff = followed.length === 0 && calls.some((call) => isTimedOut(facts, call));
  if (isCutOff) return withEvidence({ ...judged, verdict: 'INCONCLUSIVE' }, [CUT_OFF]);
  return { ...judged, verdict: calls.length > 0 ? 'PASS' : 'INCONCLUSIVE' };
}

const CUT_OFF = 'the timeout of a call had passed, so that it may have had no time to follow';

/**
 * Returns the requests to the other host when the upstream redirected no more: those that follow an earlier redirect
 * late, for example of work in the background, and how many others there are. None is late if a call itself did not
 * reach the upstream.
 *
 * @param owed The number of earlier redirects that had not been followed.
 */
function afterwards(history: History, phase: PhaseEntry<ActionPhase<'redirected'>>, owed: number) {
  const after = history.related('after', phase);
  const receipts = history.receiptsIn(after, phase.upstream);
  if (receipts.some(({ status }) => isRedirection(status))) return { late: [], remembered: 0 };
  const all = history.redirectedIn(after, phase.upstream);
  const late = receipts.length < history.requestsIn(after).length ? [] : all.slice(0, owed);
  return { late, remembered: all.length - late.length };
}

/** Maximum number of requests to list. */
const SHOWN = 3;

const isRedirection = (status: number | null): boolean => status !== null && status >= 300 && status < 400;

const described = ({ method, path, over, credentials = [] }: RedirectedReceipt): string =>
  `${method} ${path} over ${over}, with ${credentials.join(', ')}`;

const whyNotRedirected = (receipts: readonly RequestReceipt[]): string[] =>
  [...new Set(receipts.flatMap(({ unserved = [] }) => unserved))].slice(0, SHOWN);

function whyLeaked(upstream: string, leaked: readonly RedirectedReceipt[]): string {
  const names = [...new Set(leaked.flatMap(({ credentials = [] }) => credentials))].join(', ');
  const isPlain = leaked.some(({ over }) => over === 'http');
  const advice = names.includes('authorization')
    ? `Whoever can make ${upstream} redirect gets them.`
    : 'Most HTTP clients remove only Authorization if the host changes.';
  return `The service follows redirects of ${upstream} and sends its credentials along: ${names} reached another host${isPlain ? ', in clear text' : ''}. ${advice}`;
}

const whyRemembered = (upstream: string, requests: number): string =>
  `The service remembers a redirect of ${upstream}: afterwards, ${count(requests, 'request')} went to the other host although ${upstream} redirected nothing. A wrong redirect then lasts until the service restarts. Always use the configured address, and don't follow redirects of an API.`;

const whyEndless = (upstream: string, followed: number): string =>
  `The service follows redirects of ${upstream} without a limit: one call led to ${count(followed, 'request')}. Limit the number of redirects, or follow none.`;

const whyServed = (upstream: string, isFollowed: boolean): string =>
  isFollowed
    ? `The call was served although ${upstream} redirected it to a host that responded with 503: this status is not treated as a failure.`
    : `The service takes a redirect of ${upstream} for a success: it does not treat statuses from 300 to 399 as failures. If the call is meant to be served without ${upstream}, promise it: \`servedWithout\` or \`fallback\` of the endpoint.`;
