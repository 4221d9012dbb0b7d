import { fails, holds, type Item, unknown } from './item.ts';

const HOW = 'To check: make stress';

/** The service in the verdict, from its contract. */
const SERVICE = 'reference conversation service';

/** Scenarios about limits that the specification does not set, so that the contract promises nothing to judge. */
const NOT_SPECIFIED: readonly string[] = [
  'stress/budget-day',
  'stress/budgets',
  'stress/concurrency',
  'stress/requests-in-progress',
];

export const stressTest: Item = {
  title: 'Stress test passed again',
  judge({ stress }) {
    if ('missing' in stress) return unknown(`${stress.missing}. ${HOW}`);
    const { started, verdict, service, profile, passed, skipped, all, otherBuild } = stress.value;
    if (verdict !== 'PASS') return fails(`${verdict} in the run of ${started}`);
    if (service !== SERVICE) return unknown(`the run of ${started} tested another service, ${service}. ${HOW}`);
    if (otherBuild !== undefined) return unknown(`the run of ${started} tested another build: ${otherBuild}. ${HOW}`);
    const needless = skipped.filter((name) => NOT_SPECIFIED.includes(name));
    const left = all.filter((name) => !passed.includes(name) && !needless.includes(name));
    if (left.length > 0) return unknown(`the run of ${started} did not judge ${left.join(', ')}. ${HOW}`);
    const without = needless.length > 0 ? `; the specification does not ask for ${needless.join(', ')}` : '';
    return holds(`${passed.join(', ')} passed in the run of ${started} (profile ${profile})${without}`);
  },
};
