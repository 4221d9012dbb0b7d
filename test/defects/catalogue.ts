import { BREAKERS } from './catalogue/breakers.ts';
import { CALLERS } from './catalogue/callers.ts';
import { CHAOS } from './catalogue/chaos.ts';
import type { Defect } from './catalogue/defect.ts';
import { ENDS } from './catalogue/ends.ts';
import { LIMITS } from './catalogue/limits.ts';
import { STRESS } from './catalogue/stress.ts';
import { UPSTREAMS } from './catalogue/upstreams.ts';

/** Every service with a known defect. */
export const DEFECTS: readonly Defect[] = [
  ...STRESS,
  ...CALLERS,
  ...UPSTREAMS,
  ...CHAOS,
  ...ENDS,
  ...LIMITS,
  ...BREAKERS,
];

/** Checkers that no service defect can make fail, with the reason. */
export const NEVER_RED: Readonly<Record<string, string>> = {
  'steady-state': 'a service that did not work before anything was broken proves nothing: INCONCLUSIVE',
  'generator-sound': 'judges the generator: it voids a run, and blames nobody',
  'nothing-stalled': 'judges the machine: it voids a run, and blames nobody',
  'faults-delivered': 'judges the fakes: it voids a run, and blames nobody',
  'record-complete': 'judges the record: it voids a run, and blames nobody',
  'counts-agree': 'judges the record: it voids a run, and blames nobody',
  'upstreams-available': 'judges the record: it voids a run, and blames nobody',
  'calls-counted': 'judges the record: it voids a run, and blames nobody',
};
