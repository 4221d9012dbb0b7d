import { providers } from '../../../mocks/providers.ts';
import { count } from '../../base/in-words.ts';
import { isHost } from '../../contract/schema/ignored-hosts.ts';
import type { StrayReceipt } from '../../history/events.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { proxiedUpstreams } from '../lib/proxied.ts';
import { firstSent } from '../lib/request-times.ts';
import { ifNothingWrong } from './if-nothing-wrong.ts';

/** Maximum number of hosts to list. */
const SHOWN = 5;

const CHECK = 'called hosts known';

/**
 * Checks that the service calls no host through the lab's proxy that is neither an upstream nor in `ignoredHosts`. The
 * proxy refuses such calls. So the service had no chance to serve the requests that need them, and no failed check can
 * be blamed on it. Nor does a passed one say anything about them.
 */
export const calledHostsKnown: BuiltInChecker = {
  name: 'called-hosts-known',
  usually: 'The service calls an API that the contract does not describe, for example for telemetry.',
  fix: 'Describe the API as an upstream with `via: proxy`, or list its host in `ignoredHosts`, if calls to it do not matter.',
  noDefect: 'judges the record: it makes a run INCONCLUSIVE and never blames the service',
  cases: (facts) => (proxiedUpstreams(facts).length > 0 ? [{ check: CHECK, promises: [] }] : []),
  without: 'no upstream is called through the proxy of the lab (`via: proxy`)',
  judge(history, facts) {
    const proxied = proxiedUpstreams(facts);
    if (proxied.length === 0) return [];
    const receipts = history.all('receipt');
    const strays = receipts.filter((receipt) => receipt.kind === 'stray');
    const isIgnored = ({ upstream, why }: StrayReceipt) =>
      why === 'unknown-host' && facts.contract.ignoredHosts.some((host) => isHost(host, upstream));
    const others = strays.filter((stray) => !isIgnored(stray));
    const ignored = strays.length - others.length;
    const judged = { check: CHECK, expected: 'every called host is an upstream, or in `ignoredHosts`' };
    if (others.length === 0) {
      const arrived = receipts.filter(({ kind, upstream }) => kind === 'request' && proxied.includes(upstream));
      return [
        {
          ...judged,
          observed: `${count(arrived.length, 'request')} to ${proxied.join(', ')}, ${count(ignored, 'call')} to ignored hosts, none to others`,
          verdict: ifNothingWrong(history, arrived),
        },
      ];
    }
    const byHost = [...Map.groupBy(others, ({ upstream, why }) => `${why} ${upstream}`).values()];
    const [untunnelled, unknown] = [isUntunnelled, isUnknown].map((is) =>
      byHost.filter(([first]) => first && is(first)),
    );
    const from = firstSent(history.sent({}));
    return [
      {
        ...judged,
        observed: [saysUnknown(unknown ?? []), saysUntunnelled(untunnelled ?? [])].filter(Boolean).join('; '),
        verdict: 'INCONCLUSIVE',
        evidence: byHost.slice(0, SHOWN).map((calls) => described(calls, from)),
        voids: 'everything',
        lasting: true,
        ...(unknown?.length === 0 && { usually: UNTUNNELLED }),
      },
    ];
  },
};

const UNTUNNELLED =
  'The HTTP client sends https:// requests to the proxy in plain text, as older versions of axios do. Give it an agent that sends CONNECT, such as https-proxy-agent.';

const isUnknown = ({ why }: StrayReceipt): boolean => why === 'unknown-host';
const isUntunnelled = ({ why }: StrayReceipt): boolean => why === 'no-tunnel';

const hostOf = ({ upstream }: StrayReceipt): string => upstream.replace(/:\d+$/, '');

const addresses = (hosts: readonly (readonly StrayReceipt[])[]): string =>
  hosts
    .slice(0, SHOWN)
    .map(([first]) => first?.upstream)
    .join(', ') + (hosts.length > SHOWN ? ` and ${hosts.length - SHOWN} more` : '');

const saysUnknown = (hosts: readonly (readonly StrayReceipt[])[]): string =>
  hosts.length === 0 ? '' : `the service calls ${addresses(hosts)}, which no upstream of the contract is`;

const saysUntunnelled = (hosts: readonly (readonly StrayReceipt[])[]): string =>
  hosts.length === 0
    ? ''
    : `the service sends requests to https://${addresses(hosts)} through the proxy without CONNECT`;

/** Says how often a host was called, and since when, and what to add to the contract. */
function described(calls: readonly StrayReceipt[], from: number): string {
  const [first] = calls;
  if (!first) return '';
  const begin = first.at < from ? 'before' : `${((first.at - from) / 1_000).toFixed(1)} s after`;
  const refused = `${first.upstream}: ${count(calls.length, 'call')} refused, the first ${begin} the first request`;
  return isUntunnelled(first) ? refused : `${refused}; ${remedy(first)}`;
}

/** Returns what to add to the contract because of a call to an unknown host. */
function remedy(stray: StrayReceipt): string {
  const host = hostOf(stray);
  if (/^(127\.|localhost$)/.test(host)) return 'add NO_PROXY: 127.0.0.1,localhost to `environment`';
  const kind = Object.entries(providers).find(([, { origin }]) => new URL(origin).hostname === host)?.[0];
  const upstream = kind === undefined ? `with \`via: proxy\` and \`host: ${host}\`` : `{ kind: ${kind}, via: proxy }`;
  return `declare an upstream ${upstream}, or add the host to \`ignoredHosts\``;
}
