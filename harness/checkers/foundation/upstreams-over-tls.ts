import { isPlainText } from '../../../faults/receipts/receipt.ts';
import { count } from '../../base/in-words.ts';
import type { HandshakeReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { firstSent } from '../lib/request-times.ts';
import { ifNothingWrong } from './if-nothing-wrong.ts';

/** Maximum number of requests to list. */
const SHOWN = 5;

const CHECK = 'upstreams called over TLS only';

/**
 * Checks that no request comes in plain text to the port of an upstream with TLS. A single request is a failure: an
 * impostor or an eavesdropper can read it and its API key.
 *
 * While a fault refuses connections, nothing can arrive, so a service that falls back to plain text because of that is
 * detected only if it keeps using plain text afterwards.
 */
export const upstreamsOverTls: BuiltInChecker = {
  name: 'upstreams-over-tls',
  certain: true,
  restsOn: ['impostor-gets-nothing'],
  usually:
    'The service repeats a failed call over http:// instead of https://, or its base URL begins with http:// although the contract does not say `tls: false` for this upstream.',
  fix: 'Remove the fallback to http://, and let a call fail if its connection does. Refuse to start in production with a base URL that begins with http://.',
  cases: (facts) => (upstreamsWithTls(facts).length > 0 ? [{ check: CHECK, promises: [] }] : []),
  without: 'the contract has no HTTP upstream with TLS',
  judge(history, facts) {
    const withTls = upstreamsWithTls(facts);
    if (withTls.length === 0) return [];
    const receipts = history.all('receipt').filter(({ upstream }) => withTls.includes(upstream));
    const arrived = receipts.filter(({ kind }) => kind === 'request');
    const plain = receipts.flatMap((receipt) =>
      receipt.kind === 'handshake-failed' && isPlainText(receipt) ? [receipt] : [],
    );
    return [
      {
        check: CHECK,
        expected: 'no request in plain text',
        observed: `${count(arrived.length, 'request')} over TLS, ${plain.length} in plain text`,
        verdict: plain.length > 0 ? 'FAIL' : ifNothingWrong(history, arrived),
        ...(plain.length > 0 && { evidence: plain.slice(0, SHOWN).map((receipt) => described(history, receipt)) }),
      },
    ];
  },
};

const upstreamsWithTls = ({ contract: { upstreams } }: Facts): string[] =>
  Object.entries(upstreams).flatMap(([name, { tcp, tls }]) => (tcp === undefined && tls !== false ? [name] : []));

/** Describes which upstream a request reached, when, and in which phase. */
function described(history: History, { upstream, at, error }: HandshakeReceipt): string {
  const seconds = ((at - firstSent(history.sent({}))) / 1_000).toFixed(1);
  const phase = history.all('phase').findLast((candidate) => candidate.at <= at);
  const during = phase ? `, in the phase "${phase.title}"` : '';
  return `${upstream}: plain text (${error}) ${seconds} s after the first request${during}`;
}
