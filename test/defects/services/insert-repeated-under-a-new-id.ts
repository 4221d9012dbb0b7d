/** Defect: an insert that failed is repeated under another id, although it may be stored. */

import { caughtBy } from '../defect.ts';
import { runInsertingAgain } from '../insert-again.ts';

export const caught = caughtBy('chaos/termination', 'lost-reply-stored-once', 'stored once although the reply is lost');

if (import.meta.main) await runInsertingAgain(0);
