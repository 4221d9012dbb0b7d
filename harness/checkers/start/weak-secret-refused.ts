import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, secretOf } from '../lib/checker.ts';
import { attemptAt, checkOfRefusal, describeAttempt, judgeRefusal } from './refusal-of-a-start.ts';

const WITHOUT = 'the contract describes no secret key (secret)';

/** The name for the attempt with a strong secret. */
const CONTROL = 'a strong secret';

/** Checks that a strong secret is accepted, even if it is only just long enough. */
export const strongSecretAccepted: BuiltInChecker = {
  name: 'strong-secret-accepted',
  usually: 'The check of the secret is stricter than promised.',
  fix: 'Accept every secret that the contract calls strong, such as those with other characters.',
  cases: ({ contract: { secret } }) =>
    secret === undefined
      ? []
      : [
          { check: checkOfStart(CONTROL), promises: [] },
          ...Object.keys(secret.strong).map((about) => ({
            check: checkOfStart(about),
            promises: [['secret', 'strong', about]],
          })),
        ],
  without: WITHOUT,
  judge(history, facts) {
    const { strong, refusal } = secretOf(facts);
    return [CONTROL, ...Object.keys(strong)].map((about): Finding => {
      const attempt = attemptAt(history, about);
      const judged = { check: checkOfStart(about), expected: 'starts' };
      if (!attempt) return { ...judged, observed: 'not tried', verdict: 'INCONCLUSIVE' };
      const blamed = attempt.output.includes(refusal);
      const verdict = attempt.outcome === 'started' ? 'PASS' : blamed ? 'FAIL' : 'INCONCLUSIVE';
      return { ...judged, observed: describeAttempt(attempt), verdict, evidence: [attempt.output.slice(0, 200)] };
    });
  },
};

const checkOfStart = (about: string): string => `starts: ${about}`;

/** Checks that the service refuses to start with a weak or default secret, with the promised message. */
export const weakSecretRefused: BuiltInChecker = {
  name: 'weak-secret-refused',
  restsOn: ['strong-secret-accepted'],
  usually: 'The secret is checked on first use instead of at startup, or only for its length.',
  fix: 'Check the secret when the service starts: its length, its randomness and known examples. Exit with a message.',
  cases: ({ contract: { secret } }) =>
    Object.keys(secret?.weak ?? {}).map((about) => ({
      check: checkOfRefusal(about),
      promises: [
        ['secret', 'weak', about],
        ['secret', 'refusal'],
        ...(secret?.exitCode === undefined ? [] : [['secret', 'exitCode']]),
      ],
    })),
  without: WITHOUT,
  judge(history, facts) {
    const { setting, weak, refusal: says, exitCode } = secretOf(facts);
    const isRefused = (about: string) => attemptAt(history, about)?.output.includes(says) === true;
    return Object.entries(weak).map(([about, value]): Finding => {
      const finding = judgeRefusal(history, { about, control: CONTROL, says, exitCode });
      const others = Object.keys(weak).filter(isRefused);
      const isAlone = attemptAt(history, about)?.outcome === 'started' && others.length > 0;
      return finding.verdict === 'FAIL' && isAlone
        ? { ...finding, usually: whyStarted(setting, value, others) }
        : finding;
    });
  },
};

/** Returns why the service starts with one weak secret, although it refuses others. */
const whyStarted = (setting: string, value: string | null, others: readonly string[]): string =>
  value === null
    ? `If ${setting} is unset, the service uses a default from its code or another file. It refuses others: ${others.join(', ')}.`
    : `The check of ${setting} leaves out this kind of value. It refuses others: ${others.join(', ')}.`;
