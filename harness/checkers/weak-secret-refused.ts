import type { StartAttempt } from '../history/events.ts';
import { type Checker, type Finding, secretOf } from './checker.ts';

/** What the attempt with a strong secret is called; without its success a refusal proves nothing. */
const CONTROL = 'a strong secret';

/** A strong secret, also one that is just long enough, is accepted (R3). */
export const strongSecretAccepted: Checker = (history, facts) => {
  const { strong, refusal } = secretOf(facts);
  return [CONTROL, ...Object.keys(strong)].map((about): Finding => {
    const attempt = history.all('start').find((one) => one.about === about);
    const judged = { check: `starts: ${about}`, expected: 'starts' };
    if (!attempt) return { ...judged, observed: 'not tried', verdict: 'INCONCLUSIVE' };
    const blamed = attempt.output.includes(refusal);
    const verdict = attempt.outcome === 'started' ? 'PASS' : blamed ? 'FAIL' : 'INCONCLUSIVE';
    return { ...judged, observed: describe(attempt), verdict, evidence: [attempt.output.slice(0, 200)] };
  });
};

/** A weak or default secret is refused at the start, with the specification's words (R3). */
export const weakSecretRefused: Checker = (history, facts) => {
  const secret = secretOf(facts);
  const attempts = history.all('start');
  const control = attempts.find(({ about }) => about === CONTROL);
  const controlled = control?.outcome === 'started';
  const weak = Object.keys(secret.weak).map((about) => {
    const attempt = attempts.find((one) => one.about === about);
    return { about, attempt };
  });
  return weak.map(({ about, attempt }): Finding => {
    const judged = {
      check: `refuses to start: ${about}`,
      expected: `exits, and says "${secret.refusal.slice(0, 48)}…"`,
    };
    if (!attempt) return { ...judged, observed: 'not tried', verdict: 'INCONCLUSIVE' };
    const says = attempt.output.includes(secret.refusal);
    const held = attempt.outcome === 'refused' && attempt.code !== 0 && says;
    const observed = `${describe(attempt)}${says ? ', and said so' : ', without these words'}`;
    if (!held) return { ...judged, observed, verdict: 'FAIL' };
    if (controlled) return { ...judged, observed, verdict: 'PASS' };
    return { ...judged, observed: `${observed}; but ${CONTROL} did not start either`, verdict: 'INCONCLUSIVE' };
  });
};

function describe({ outcome, code }: StartAttempt): string {
  if (outcome === 'refused') return `exited with code ${code}`;
  return outcome === 'started' ? 'started' : 'neither started nor exited';
}
