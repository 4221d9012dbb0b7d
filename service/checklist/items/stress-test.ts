import { fails, holds, type Item, unknown } from './item.ts';

export const stressTest: Item = {
  title: 'Stress test passed again',
  judge({ stress }) {
    if ('missing' in stress) return unknown(`${stress.missing}. To check: make stress`);
    const { started, verdict, ran, all } = stress.value;
    if (verdict !== 'PASS') return fails(`${verdict} in the run of ${started}`);
    const left = all.filter((name) => !ran.includes(name));
    if (left.length > 0)
      return unknown(`the run of ${started} did not include ${left.join(', ')}. To check: make stress`);
    return holds(`${ran.join(', ')} passed in the run of ${started}`);
  },
};
