import { type RealAddress, realAddressOf } from '../../../mocks/real-address.ts';
import type { Contract } from '../contract.ts';
import { commandWords, filledTexts } from '../filled-texts.ts';
import { placeholdersIn } from '../placeholders.ts';
import { valueAt } from '../places.ts';
import { type Rule, rule, textRule } from './rule.ts';
import { isStarted, refusalOf } from './upstreams.ts';

/** The variables with which HTTP clients find their proxy. Programs read them in upper case, in lower case, or both. */
const TO_PROXY = /^(https?|all)_proxy$/i;
const PLAIN_TO_PROXY = /^(http|all)_proxy$/i;
const PAST_PROXY = /^no_proxy$/i;

const SETTINGS = ['environment.*', 'profiles.*.environment.*', 'conditions.*.*'] as const;

const LAB_BEHIND = 'calls to the lab itself would go to the proxy';

/** Finds settings with which the service would call the real API of an upstream, or the lab through its proxy. */
export const proxyRules: readonly Rule[] = [
  rule({
    at: 'upstreams.*.via',
    when: ({ contract }) => isStarted({ contract }) && !filledTexts(contract).some(({ text }) => asksForProxy(text)),
    message:
      'no setting contains ${proxy}, so the service would call the real API; ' +
      'add HTTPS_PROXY: ${proxy}, HTTP_PROXY: ${proxy} and NO_PROXY: 127.0.0.1,localhost to `environment`',
  }),
  rule({
    at: 'upstreams.*.via',
    message: ({ name, contract }) => {
      const [own, ...others] = [name, ...Object.keys(contract.upstreams)].map((upstream) => realOf(contract, upstream));
      const same = Object.keys(contract.upstreams).find(
        (upstream, index) => upstream !== name && isSame(own, others[index]),
      );
      return same === undefined ? undefined : `"${same}" is the same host, so calls could not be told apart`;
    },
  }),
  textRule({
    in: filledTexts,
    when: ({ value, contract: { upstreams } }) =>
      asksForProxy(value) && !Object.values(upstreams).some((declared) => 'via' in declared),
    message: '${proxy} needs an upstream with `via: proxy`',
  }),
  textRule({
    in: ({ start }) => commandWords(start),
    when: ({ value }) => asksForProxy(value),
    message: 'every user of the machine can read arguments, and ${proxy} contains a token; write it in `environment`',
  }),
  rule({
    at: SETTINGS,
    when: ({ key, value }) => TO_PROXY.test(key) && asksForProxy(value),
    message: ({ path, contract }) => {
      const settings = settingsAt(contract, path);
      return [
        settings.some(([name]) => PAST_PROXY.test(name)) ? [] : `${LAB_BEHIND}; add NO_PROXY: 127.0.0.1,localhost`,
        settings.some(([name, value]) => PLAIN_TO_PROXY.test(name) && asksForProxy(value))
          ? []
          : 'calls to http:// would leave this machine; add HTTP_PROXY: ${proxy}',
      ].flat();
    },
  }),
  rule({
    at: SETTINGS,
    when: ({ key }) => PAST_PROXY.test(key),
    message: ({ value, contract }) => {
      const hosts = proxiedHosts(contract);
      const past = hosts.filter((host) => hostsIn(value).some((pattern) => covers(pattern, host)));
      return [
        hosts.length === 0 || hostsIn(value).some((host) => host.startsWith('127.'))
          ? []
          : `${LAB_BEHIND}; add 127.0.0.1`,
        past.map((host) => `the service would call the real ${host}, past the proxy`),
      ].flat();
    },
  }),
];

const asksForProxy = (text: string): boolean => placeholdersIn(text).includes('proxy');

/** Returns an upstream's real address, unless its declaration is invalid, which has a rule of its own. */
function realOf({ upstreams }: Contract, name: string): RealAddress | undefined {
  const declared = upstreams[name];
  if (declared === undefined || refusalOf(() => realAddressOf(declared)) !== undefined) return undefined;
  return realAddressOf(declared);
}

const proxiedHosts = (contract: Contract): string[] =>
  Object.keys(contract.upstreams).flatMap((name) => realOf(contract, name)?.host ?? []);

const isSame = (own: RealAddress | undefined, other: RealAddress | undefined): boolean =>
  own !== undefined && own.host === other?.host && own.port === other.port;

/** Returns the settings that apply together with the one at a path, which takes precedence over `environment`. */
const settingsAt = (contract: Contract, path: readonly PropertyKey[]): [string, string][] =>
  Object.entries({ ...contract.environment, ...(valueAt(contract, path.slice(0, -1)) as Record<string, string>) });

const hostsIn = (list: string): string[] =>
  list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);

/** Whether an entry of NO_PROXY covers a host: `*`, the host, or a domain above it, with or without a dot. */
function covers(pattern: string, host: string): boolean {
  const domain = pattern.replace(/^\*?\.?/, '').replace(/:\d+$/, '');
  return pattern === '*' || host === domain || (domain !== '' && host.endsWith(`.${domain}`));
}
