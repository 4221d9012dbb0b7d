import type { Checker, Finding } from './checker.ts';
import { count, tally } from './checker.ts';

/** Phases in which an upstream shows a certificate that must be refused, to a call of an endpoint. */
const PHASE = /^impostor (\S+) (\S+) in (\S+)$/;

/**
 * With SSL_VERIFY_ENABLED a man in the middle is refused: an upstream with a bad certificate gets no request at all, and
 * the caller is not served. That the service did call is proved by the connections that ended without a request.
 */
export const impostorGetsNothing: Checker = (history) =>
  history.all('phase').flatMap(({ name: phase }): Finding[] => {
    const [, upstream = '', kind, endpoint] = PHASE.exec(phase) ?? [];
    if (!kind) return [];
    const calls = history.requests({ phase });
    const got = history.receiptsIn(phase, upstream).length;
    const refused = history.failedHandshakesIn(phase, upstream);
    const served = calls.filter(({ status }) => status > 0 && status < 400);
    const verdict =
      got > 0 || served.length > 0 ? 'FAIL' : calls.length > 0 && refused.length > 0 ? 'PASS' : 'INCONCLUSIVE';
    return [
      {
        check: `impostor gets nothing: ${upstream} ${kind}, ${endpoint}`,
        expected: 'the connection is refused, no request is sent',
        observed: `${count(got, 'request')} arrived, ${count(refused.length, 'connection')} refused`,
        verdict,
        evidence: [`calls were answered ${tally(calls.map(({ status }) => status))}`],
      },
    ];
  });
