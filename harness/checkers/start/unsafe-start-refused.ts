import type { Checker } from '../lib/checker.ts';
import { judgeRefusal } from './refusal-of-a-start.ts';

/** What the attempt with the contract's own settings is called. */
const CONTROL = 'its own settings';

/**
 * Settings that leave a protection off, or that can't be meant, are refused at the start, and the refusal says which
 * (specification, SSL verification: `False` is never to be used in production).
 */
export const unsafeStartRefused: Checker = {
  name: 'unsafe-start-refused',
  usually: 'The setting is not validated at the start, or only logged as a warning.',
  judge: (history, { contract: { refusedStarts = {} } }) =>
    Object.entries(refusedStarts).map(([about, refusal]) =>
      judgeRefusal(history, { ...refusal, about, control: CONTROL }),
    ),
};
