import type { BuiltInChecker } from '../lib/checker.ts';
import { unsafeStartRefused } from './unsafe-start-refused.ts';
import { strongSecretAccepted, weakSecretRefused } from './weak-secret-refused.ts';

export const START: readonly BuiltInChecker[] = [weakSecretRefused, strongSecretAccepted, unsafeStartRefused];
