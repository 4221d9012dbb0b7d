import { count } from '../../base/in-words.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Checker, isServedWithout, tally } from '../lib/checker.ts';

/**
 * Checks that the service rejects a man in the middle: an upstream or database with a bad certificate gets no request,
 * and the call is not served or gets the promised status. A call that is served without this upstream may be served.
 * Connections that were closed without a request prove that the service did connect.
 */
export const impostorGetsNothing: Checker = {
  name: 'impostor-gets-nothing',
  restsOn: ['steady-state'],
  usually:
    'Certificate verification is off (rejectUnauthorized: false, verify=False), or does not include the host name.',
  judge: (history, facts) =>
    history
      .phasesLike('impostor * * in *')
      .map(({ name: phase, parts: [upstream = '', kind, endpoint = ''] }): Finding => {
        const calls = history.requests({ phase });
        const isDatabase = upstream === 'database';
        const got = isDatabase ? history.databaseReceiptsIn(phase, 'connection') : history.receiptsIn(phase, upstream);
        const refused = isDatabase
          ? history.databaseReceiptsIn(phase, 'handshake-failed')
          : history.failedHandshakesIn(phase, upstream);
        const { tls, pool, endpoints } = facts.contract;
        const refusal = isDatabase ? pool?.refusal : tls.refusal;
        const { served = [] } = endpoints[endpoint] ?? {};
        const isOptional = isServedWithout(facts, endpoint, upstream);
        const isServed = (status: number) => status > 0 && status < 400;
        const isPromised = (status: number) =>
          (isOptional && served.includes(status)) || (refusal === undefined ? !isServed(status) : status === refusal);
        const answer = `${refusal ?? 'an error'}${isOptional ? ' or is served' : ''}`;
        const statuses = tally(calls.map(({ status }) => status));
        const bad = calls.filter(({ status }) => !isPromised(status));
        const enough = calls.length > 0 && refused.length > 0;
        const verdict = got.length > 0 || bad.length > 0 ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE';
        return {
          check: `refuses an untrusted certificate: ${upstream} ${kind}, ${endpoint}`,
          requests: [{ phase }],
          expected: `the connection is refused, no request is sent, the caller gets ${answer}`,
          observed: `${count(got.length, 'request')} arrived, ${count(refused.length, 'connection')} refused; ${statuses}`,
          verdict,
        };
      }),
};
