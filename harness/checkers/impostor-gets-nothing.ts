import type { Checker, Finding } from './checker.ts';
import { count, tally } from './checker.ts';

/** Phases in which an upstream shows a certificate that must be refused, to a call of an endpoint. */
const PHASE = /^impostor (\S+) (\S+) in (\S+)$/;

/**
 * With SSL_VERIFY_ENABLED a man in the middle is refused: an upstream with a bad certificate gets no request at all, and
 * the caller is not served, or gets the status that the contract tells. That the service did call is proved by the connections that ended without a request.
 */
export const impostorGetsNothing: Checker = (history, { contract: { tls } }) =>
  history.all('phase').flatMap(({ name: phase }): Finding[] => {
    const [, upstream = '', kind, endpoint] = PHASE.exec(phase) ?? [];
    if (!kind) return [];
    const calls = history.requests({ phase });
    const got = history.receiptsIn(phase, upstream).length;
    const refused = history.failedHandshakesIn(phase, upstream);
    const answered = calls.filter(({ status }) => status > 0);
    const bad = answered.filter(({ status }) => (tls.refusal === undefined ? status < 400 : status !== tls.refusal));
    const told = tls.refusal === undefined || answered.length === calls.length;
    const enough = calls.length > 0 && told && refused.length > 0;
    const verdict = got > 0 || bad.length > 0 ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE';
    return [
      {
        check: `impostor gets nothing: ${upstream} ${kind}, ${endpoint}`,
        expected: `the connection is refused, no request is sent${tls.refusal ? `, the caller gets ${tls.refusal}` : ''}`,
        observed: `${count(got, 'request')} arrived, ${count(refused.length, 'connection')} refused`,
        verdict,
        evidence: [`calls were answered ${tally(calls.map(({ status }) => status))}`],
      },
    ];
  });
