import type { BuiltInChecker } from '../lib/checker.ts';
import { checkOfRefusal, judgeRefusal } from './refusal-of-a-start.ts';

/** The name for the attempt with the normal settings. */
const CONTROL = 'its own settings';

/**
 * Checks that the service refuses to start with settings that disable a protection or make no sense, with the promised
 * message.
 */
export const unsafeStartRefused: BuiltInChecker = {
  name: 'unsafe-start-refused',
  usually: 'The setting is not validated at startup, or only causes a warning.',
  fix: 'Validate all settings when the service starts, and exit with the promised status and text.',
  cases: ({ contract: { refusedStarts = {} } }) =>
    Object.keys(refusedStarts).map((about) => ({
      check: checkOfRefusal(about),
      promises: [['refusedStarts', about]],
    })),
  without: 'the contract describes no settings with which the service must not start (refusedStarts)',
  judge: (history, { contract: { refusedStarts = {} } }) =>
    Object.entries(refusedStarts).map(([about, refusal]) =>
      judgeRefusal(history, { ...refusal, about, control: CONTROL }),
    ),
};
