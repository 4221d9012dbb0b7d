import { numberAt, type PromisePath } from '../../contract/promise-path.ts';
import type { Breaker } from './checker.ts';

type Field =
  | 'failures'
  | 'ignored'
  | 'harmless'
  | 'refusal'
  | 'refusalAnswer'
  | 'retryAfter'
  | 'counts'
  | 'trials'
  | 'duringTrial'
  | 'log';
type NumberField = 'threshold' | 'opens' | 'recoverySeconds' | 'callTimeoutSeconds';

/** Returns the place of a breaker's promise in the contract. */
export const promiseOf = ({ name }: Breaker, ...field: [Field, ...string[]]): PromisePath => [
  'breakers',
  name,
  ...field,
];

/** Returns the place of one of a breaker's numbers in the contract. */
export const numberOf = ({ name }: Pick<Breaker, 'name'>, field: NumberField): PromisePath =>
  numberAt('breakers', name, field);

/** Returns the place of the number of failures, or of the rate, at which a breaker opens. */
export const whenItOpens = (breaker: Breaker): PromisePath =>
  numberOf(breaker, breaker.threshold === undefined ? 'opens' : 'threshold');

/** Returns the places of the number of trials, and of how many must succeed to close the breaker if that is promised. */
export const whenItCloses = ({ name, trialsToClose }: Breaker): PromisePath[] => [
  ['breakers', name, 'trials'],
  ...(trialsToClose === undefined ? [] : [['breakers', name, 'trialsToClose']]),
];
