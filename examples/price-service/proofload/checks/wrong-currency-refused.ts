import { defineCheck, type Finding } from 'proofload';

/** Fewer calls prove nothing: the service may have cached a price. */
const ENOUGH = 5;

/** Checks that a price in another currency is refused, and is never returned as if it were in euros. */
export default defineCheck({
  name: 'wrong-currency-refused',
  usually: 'The service does not compare the currency in the answer with its own.',
  judge(history): Finding[] {
    const phases = history.own('wrong currency');
    const requests = phases.map(({ tag: phase }) => ({ phase, endpoint: 'price' }));
    const calls = requests.flatMap((tags) => history.requests(tags));
    const broken = phases
      .flatMap((phase) => history.receiptsIn(phase, 'shop'))
      .filter(({ faults }) => faults.length > 0);
    const served = calls.filter(({ status }) => status === 200);
    const enough = calls.length >= ENOUGH && broken.length >= ENOUGH;
    return [
      {
        check: 'prices in another currency are refused',
        expected: 'status 502',
        observed: `${served.length} of ${calls.length} calls served, with ${broken.length} wrong prices`,
        verdict: served.length > 0 ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE',
        requests,
      },
    ];
  },
});
