/** Defect: an insert that failed is reported to the caller, but repeated later under another id. */

import { caughtBy } from '../defect.ts';
import { runInsertingAgain } from '../insert-again.ts';

export const caught = caughtBy('chaos/termination', 'lost-reply-stored-once', 'stored once although the reply is lost');

if (import.meta.main) await runInsertingAgain(200);
