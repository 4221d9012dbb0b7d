/** Defect: an insert that failed is reported to the caller, but repeated later under another id. */
import { runInsertingAgain } from '../insert-again.ts';

await runInsertingAgain(200);
