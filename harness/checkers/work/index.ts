import type { BuiltInChecker } from '../lib/checker.ts';
import { workAccepted } from './work-accepted.ts';
import { workFinished } from './work-finished.ts';
import { workFinishedOnce } from './work-finished-once.ts';

export const WORK: readonly BuiltInChecker[] = [workAccepted, workFinished, workFinishedOnce];
