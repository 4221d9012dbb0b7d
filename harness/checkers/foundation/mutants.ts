import { isListed, MOST_CLIENTS } from '../../contract/credentials.ts';
import { keyPrefix } from '../../secrecy/find-leaks.ts';
import { inPlainText, isError, isServed, onAnswers, once, reachedBy } from '../../wire/answers.ts';
import { type Exchange, type WireAnswer, withBody, withHeader } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';

/**
 * Returns a secret that nothing may show. A caller may see its own key, so the last key is used, because keys are
 * listed in the order of their use. Generated keys contain the same secret, so the last one of these is used, too.
 */
export function secretOf({
  contract,
  leakTargets,
  impossible,
}: Pick<Wire, 'contract' | 'leakTargets' | 'impossible'>): string | undefined {
  const { responses = {}, log = [] } = contract.secrecy?.allowed ?? {};
  const allowed = new Set([...Object.values(responses).flat(), ...log]);
  const { name, forms } = leakTargets?.secrets.findLast((secret) => !allowed.has(secret.name)) ?? {};
  if (leakTargets && name === undefined) impossible('the service has no secret that must not be shown anywhere');
  const isOfKeys =
    name !== undefined && isListed(contract.authentication) && name === contract.authentication.keySetting;
  return isOfKeys && forms !== undefined ? keyPrefix(MOST_CLIENTS) + forms[0] : forms?.[0];
}

/** Whether a text can be added to an answer. Scripts read a token from that of the login. */
const isText = ({ endpoint, header }: Exchange, { contract: { authentication } }: Wire): boolean =>
  /^(text\/(?!event-stream)|application\/(problem\+)?json)/.test(header('content-type') ?? '') &&
  header('content-encoding') === undefined &&
  !(authentication?.kind === 'login' && authentication.endpoint === endpoint);

const adding = (answer: WireAnswer, text: string): WireAnswer => withBody(answer, `${answer.body}\n${text}`);

const NEEDS = 'secrecy: {}';

/** Defines a mutant that adds a secret, in some form, to a line of the log. */
const inTheLog = (name: string, does: string, formOf: (secret: string) => string): WireMutant => ({
  name,
  does,
  turnsRed: ['nothing-leaks'],
  needs: NEEDS,
  create: (wire) => {
    const secret = secretOf(wire);
    return { line: once((line: string) => (secret === undefined ? undefined : `${line} ${formOf(secret)}`)) };
  },
});

export const FOUNDATION_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'secret-in-a-body',
    does: 'the body of one answer shows a secret',
    turnsRed: ['nothing-leaks'],
    disturbs: ['fallback-told'],
    needs: NEEDS,
    when: (exchange, wire) => exchange.endpoint !== undefined && isText(exchange, wire) && secretOf(wire) !== undefined,
    change: async ({ whole }, wire) => adding(await whole(), secretOf(wire) ?? ''),
  }),
  onAnswers({
    name: 'secret-in-a-header',
    does: 'a header of one answer shows a secret',
    turnsRed: ['nothing-leaks'],
    needs: NEEDS,
    when: (exchange, wire) => isServed(exchange, wire) && secretOf(wire) !== undefined,
    change: async ({ whole }, wire) => {
      const answer = withHeader(await whole(), /^x-debug$/i, () => undefined);
      return { ...answer, headers: [...answer.headers, ['X-Debug', secretOf(wire) ?? '']] };
    },
  }),
  onAnswers({
    name: 'stack-trace-in-a-body',
    does: 'the body of one error shows a stack trace',
    turnsRed: ['nothing-leaks'],
    needs: NEEDS,
    when: (exchange, wire) => wire.leakTargets !== undefined && isError(exchange, wire) && isText(exchange, wire),
    change: async ({ whole }) =>
      adding(await whole(), 'Traceback (most recent call last):\n  File "/srv/app/main.py", line 7, in handle'),
  }),
  inTheLog('secret-in-the-log', 'a line of the log shows a secret', (secret) => secret),
  inTheLog(
    'secret-in-base64-in-the-log',
    'a line of the log shows a secret in Base64, after a user and a colon',
    (secret) => Buffer.from(`user:${secret}`).toString('base64'),
  ),
  {
    name: 'secret-in-a-file',
    does: "a text file in the service's folder shows a secret",
    turnsRed: ['nothing-leaks'],
    needs: NEEDS,
    create: (wire) => {
      const secret = secretOf(wire);
      return { file: () => (secret === undefined ? undefined : `started with ${secret}\n`) };
    },
  },
  onAnswers({
    name: 'upstream-called-in-plain-text',
    does: 'an upstream with TLS gets a request in plain text',
    turnsRed: ['upstreams-over-tls'],
    disturbs: ['impostor-gets-nothing'],
    needs: 'upstreams',
    when: (exchange, wire) => reachedBy(exchange, wire).length > 0,
    change: (exchange, wire) => inPlainText(exchange, wire, reachedBy(exchange, wire)),
  }),
];
