import { fails, holds, type Item, unknown } from './item.ts';

export const stressTest: Item = {
  title: 'Stress test passed again',
  judge({ stress }) {
    if ('missing' in stress) return unknown(`${stress.missing}. To see: make stress`);
    const { started, verdict, ran, all } = stress.value;
    if (verdict !== 'PASS') return fails(`${verdict} in the run of ${started}`);
    const left = all.filter((name) => !ran.includes(name));
    if (left.length > 0) return unknown(`the run of ${started} left out ${left.join(', ')}. To see: make stress`);
    return holds(`PASS of ${ran.join(', ')} in the run of ${started}`);
  },
};
