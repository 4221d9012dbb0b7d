import { isPlainText } from '../../../faults/receipts/receipt.ts';
import { count } from '../../base/in-words.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import { DATABASE } from '../../contract/uses-postgres.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServedWithout, planned, tally } from '../lib/checker.ts';
import { type Accepted, whyAccepted, whyAnswered, whyPlainText } from './why-accepted.ts';

/** Presents a certificate to a call, in a healthy process or after trouble. */
const ACTIONS = ['impostor', 'impostor again'] as const;
type Action = (typeof ACTIONS)[number];

/** A certificate that was presented to a call, and its outcome. */
interface Posed extends Accepted {
  readonly phase: PhaseEntry<ActionPhase<Action>>;
  /** The number of requests, or of connections to the database, that arrived. */
  readonly got: number;
  /** The number of connections that the service closed in the handshake, and the number on which it sent plain text. */
  readonly refused: number;
  readonly plain: number;
  /** The number of connections that the service closed after the handshake, without having sent anything. */
  readonly unused: number;
  /** Whether the same call, directly before and directly after, sent a request to the upstream with a valid certificate. */
  readonly isFramed: boolean;
}

/**
 * Checks that the service rejects a man in the middle: an upstream or database with a bad certificate gets no request,
 * neither over TLS nor in plain text, and the call is not served or gets the promised status. A call that is served
 * without this upstream may be served. A handshake that the service ends proves that it refuses the certificate. Some
 * clients, such as nginx, libcurl and Ruby's net/http, complete the handshake first, verify the certificate, and close
 * the connection without a request. This counts as a refusal if the same call, directly before and directly after, sends
 * a request to the upstream with its valid certificate. Otherwise, the connection may have been opened in advance, and
 * the result is INCONCLUSIVE. Certificates are presented again after failures in the same process, because some services
 * verify none after a timeout or a lost connection.
 */
export const impostorGetsNothing: BuiltInChecker = {
  name: 'impostor-gets-nothing',
  restsOn: ['steady-state'],
  usually:
    'Certificate verification is off (rejectUnauthorized: false, verify=False), or does not include the host name.',
  fix: 'Remove `rejectUnauthorized: false`, `verify=False` or `InsecureSkipVerify`, and each fallback to http://. To trust a private authority, add its certificate: `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`.',
  cases: (facts) =>
    planned(facts, ...ACTIONS)?.map((phase) => ({
      check: checkOf(phase),
      promises: [['tls', 'refused'], ...refusalOf(facts, phase).promises],
    })),
  without: 'no endpoint reaches an upstream over TLS, or `tls.refused` names no certificate',
  judge(history, facts) {
    const phases = ACTIONS.flatMap((action): Posed['phase'][] => history.phases(action));
    const all = phases.map((phase) => posed(history, phase));
    return all.map((pose) => judge(history, facts, pose, all));
  },
};

const checkOf = (posing: PlannedAction<Action>): string =>
  posing.action === 'impostor' ? checkBefore(posing) : checkAfter(posing);

const checkBefore = ({ upstream, certificate, endpoint }: PlannedAction<'impostor'>): string =>
  `refuses an untrusted certificate: ${upstream} ${certificate}, ${endpoint}`;

const checkAfter = ({ upstream, certificate, endpoint, fault }: PlannedAction<'impostor again'>): string =>
  `still refuses an untrusted certificate after ${fault}: ${upstream} ${certificate}, ${endpoint}`;

/** Returns the promised status of a call that meets a bad certificate, and where the contract promises it. */
function refusalOf({ contract: { tls, pool } }: Facts, { upstream }: PlannedAction<Action>) {
  const [status, path] = upstream === DATABASE ? [pool?.refusal, 'pool'] : [tls.refusal, 'tls'];
  return { status, promises: status === undefined ? [] : [[path, 'refusal']] };
}

function posed(history: History, phase: Posed['phase']): Posed {
  const { upstream, certificate: kind, endpoint } = phase;
  const after = phase.action === 'impostor again' ? phase.fault : undefined;
  const isDatabase = upstream === DATABASE;
  const got = isDatabase ? history.databaseReceiptsIn(phase, 'connection') : history.receiptsIn(phase, upstream);
  const failed = isDatabase
    ? history.databaseReceiptsIn(phase, 'handshake-failed')
    : history.failedHandshakesIn(phase, upstream);
  const plain = failed.filter(isPlainText).length;
  return {
    phase,
    upstream,
    kind,
    endpoint,
    after,
    got: got.length,
    plain,
    refused: failed.length - plain,
    unused: history.closedUnusedIn(phase, upstream).length,
    isFramed: sendsBefore(history, phase) && sendsAfter(history, phase),
  };
}

function sendsBefore(history: History, { upstream, endpoint, at }: Posed['phase']): boolean {
  const before = history.phases('diluted', { upstream, endpoint }).filter(({ until }) => until === at);
  const { length: calls } = history.requestsIn(before);
  return calls > 0 && history.receiptsIn(before, upstream).length >= calls;
}

/** Several calls follow if a breaker was open after the impostor, so that not all of them send a request. */
const sendsAfter = (history: History, phase: Posed['phase']): boolean =>
  history.receiptsIn(history.related('after', phase), phase.upstream).length > 0;

const FRAMED = ', but used with a valid certificate';
const UNFRAMED = ', and not shown to be used with a valid certificate';

function judge(history: History, facts: Facts, pose: Posed, all: readonly Posed[]): Finding {
  const { phase, upstream, endpoint, got, plain, unused, isFramed } = pose;
  const refused = pose.refused + (isFramed ? unused : 0);
  const calls = history.requestsIn(phase);
  const { status: refusal } = refusalOf(facts, phase);
  const { served = [] } = facts.contract.endpoints[endpoint] ?? {};
  const isOptional = isServedWithout(facts, endpoint, upstream);
  const isServed = (status: number) => status > 0 && status < 400;
  const isPromised = (status: number) =>
    (isOptional && served.includes(status)) || (refusal === undefined ? !isServed(status) : status === refusal);
  const answer = `${refusal ?? 'an error'}${isOptional ? ' or is served' : ''}`;
  const statuses = calls.map(({ status }) => status);
  const bad = statuses.filter((status) => !isPromised(status));
  const enough = calls.length > 0 && refused > 0;
  const arrivals = [
    `${count(got, 'request')} arrived`,
    ...(plain > 0 ? [`${count(plain, 'request')} in plain text`] : []),
    `${count(pose.refused, 'connection')} refused`,
    ...(unused > 0 ? [`${count(unused, 'connection')} closed after the handshake${isFramed ? FRAMED : UNFRAMED}`] : []),
  ];
  const judged = {
    check: checkOf(phase),
    requests: tagsIn(phase),
    expected: `the connection is refused, no request is sent, the caller gets ${answer}`,
    observed: `${arrivals.join(', ')}; ${tally(calls.map(answerOf))}`,
  };
  if (plain > 0) return { ...judged, verdict: 'FAIL', usually: whyPlainText(upstream) };
  if (got > 0) return { ...judged, verdict: 'FAIL', usually: whyAccepted(pose, all) };
  // An error without a connection says nothing about certificates. A pool may connect before the call.
  const isMet = refused > 0 || upstream === DATABASE || bad.some(isServed);
  if (bad.length > 0 && isMet) return { ...judged, verdict: 'FAIL', usually: whyAnswered(bad.some(isServed)) };
  return { ...judged, verdict: enough ? 'PASS' : 'INCONCLUSIVE' };
}
