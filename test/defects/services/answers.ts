import { setTimeout as sleep } from 'node:timers/promises';
import { caughtBy, runNamed } from '../defect.ts';
import { withQuery } from '../run-with.ts';

/** The place of the analysis among the values of the statement. */
const ANALYSIS = 1;

export const defects = [
  ...caughtBy('chaos/answers', 'ledger-keeps-answer', {
    // The analysis of an event is stored from a variable that the next event changes.
    'answer-stored-for-another-event': {
      check: 'ledger keeps the answer: conversation-end',
      run: withQuery((database) => {
        let analysis: unknown;
        return async (statement, values) => {
          if (!statement.includes('SET analysis = $2')) return database.query<never>(statement, values);
          const own = values[ANALYSIS];
          analysis = own;
          await sleep(3);
          const rows = await database.query<never>(statement, values.with(ANALYSIS, analysis as never));
          return rows.map((row: object) => ({ ...row, analysis: own })) as never;
        };
      }),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
