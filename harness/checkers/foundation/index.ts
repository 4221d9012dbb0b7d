import type { BuiltInChecker } from '../lib/checker.ts';
import type { Family } from '../lib/family.ts';
import { calledHostsKnown } from './called-hosts-known.ts';
import { callsCounted } from './calls-counted.ts';
import { countsAgree } from './counts-agree.ts';
import { faultsDelivered } from './faults-delivered.ts';
import { generatorSound } from './generator-sound.ts';
import { limitsSwitchedOff } from './limits-switched-off.ts';
import { FOUNDATION_MUTANTS } from './mutants.ts';
import { nothingLeaks } from './nothing-leaks.ts';
import { nothingStalled } from './nothing-stalled.ts';
import { recordComplete } from './record-complete.ts';
import { serviceStaysUp } from './service-stays-up.ts';
import { thresholdsHold } from './thresholds-hold.ts';
import { upstreamsAvailable } from './upstreams-available.ts';
import { upstreamsOverTls } from './upstreams-over-tls.ts';

/** The checkers that judge whether a scenario's record can be trusted. They come first. */
export const RECORD: readonly BuiltInChecker[] = [
  serviceStaysUp,
  limitsSwitchedOff,
  generatorSound,
  nothingStalled,
  upstreamsAvailable,
  calledHostsKnown,
  callsCounted,
  faultsDelivered,
  recordComplete,
  countsAgree,
];

/** The checkers that can judge the beginning of a record. The others would report that its end is missing. */
export const RECORD_SO_FAR: readonly BuiltInChecker[] = RECORD.filter(
  (checker) => ![generatorSound, faultsDelivered, recordComplete, countsAgree].includes(checker),
);

/** Those that judge the service instead. */
export const ALWAYS_FOUNDED: readonly BuiltInChecker[] = [nothingLeaks, upstreamsOverTls, thresholdsHold];

/** Checkers that apply to every scenario. */
export const FOUNDATION: Family = {
  title: 'The run itself',
  checkers: [...RECORD, ...ALWAYS_FOUNDED],
  mutants: FOUNDATION_MUTANTS,
};
