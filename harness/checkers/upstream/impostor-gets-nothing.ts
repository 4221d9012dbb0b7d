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
  /** The number of connections that the service closed, and the number on which it sent plain text. */
  readonly refused: number;
  readonly plain: number;
}

/**
 * Checks that the service rejects a man in the middle: an upstream or database with a bad certificate gets no request,
 * neither over TLS nor in plain text, and the call is not served or gets the promised status. A call that is served
 * without this upstream may be served. Connections that were closed without a request prove that the service did
 * connect. Certificates are presented again after failures in the same process, because some services verify none after
 * a timeout or a lost connection.
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
  return { phase, upstream, kind, endpoint, after, got: got.length, plain, refused: failed.length - plain };
}

function judge(history: History, facts: Facts, pose: Posed, all: readonly Posed[]): Finding {
  const { phase, upstream, endpoint, got, plain, refused } = pose;
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
    `${count(refused, 'connection')} refused`,
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
