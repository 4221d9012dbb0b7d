import { count } from '../../base/in-words.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Checker } from '../lib/checker.ts';
import { tally } from '../lib/checker.ts';

/** Phases in which an upstream shows a certificate that must be refused, to a call of an endpoint. */
const PHASE = /^impostor (\S+) (\S+) in (\S+)$/;

/**
 * With SSL_VERIFY_ENABLED a man in the middle is refused: an upstream or a database with a bad certificate gets no request at all, and
 * the caller is not served, or gets the status that the contract tells. That the service did call is proved by the connections that ended without a request.
 */
export const impostorGetsNothing: Checker = {
  name: 'impostor-gets-nothing',
  restsOn: ['steady-state'],
  usually: 'Certificate verification is off (rejectUnauthorized: false, verify=False), or skips the host name.',
  judge: (history, { contract: { tls, pool } }) =>
    history.all('phase').flatMap(({ name: phase }): Finding[] => {
      const [, upstream = '', kind, endpoint] = PHASE.exec(phase) ?? [];
      if (!kind) return [];
      const calls = history.requests({ phase });
      const isDatabase = upstream === 'database';
      const got = isDatabase ? history.databaseReceiptsIn(phase, 'connection') : history.receiptsIn(phase, upstream);
      const refused = isDatabase
        ? history.databaseReceiptsIn(phase, 'handshake-failed')
        : history.failedHandshakesIn(phase, upstream);
      const refusal = isDatabase ? pool?.refusal : tls.refusal;
      const isServed = (status: number) => status > 0 && status < 400;
      const bad = calls.filter(({ status }) => (refusal === undefined ? isServed(status) : status !== refusal));
      const enough = calls.length > 0 && refused.length > 0;
      const verdict = got.length > 0 || bad.length > 0 ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE';
      return [
        {
          check: `impostor gets nothing: ${upstream} ${kind}, ${endpoint}`,
          expected: `the connection is refused, no request is sent${refusal ? `, the caller gets ${refusal}` : ''}`,
          observed: `${count(got.length, 'request')} arrived, ${count(refused.length, 'connection')} refused`,
          verdict,
          evidence: [`calls got ${tally(calls.map(({ status }) => status))}`],
        },
      ];
    }),
};
