/** Defect: an insert that failed is repeated under another id, although it may be stored. */
import { runInsertingAgain } from '../insert-again.ts';

await runInsertingAgain(0);
