/** Defect: the analysis of an event is stored from a variable that the next event changes. */

import { setTimeout as sleep } from 'node:timers/promises';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/answers', 'ledger-keeps-answer', 'ledger keeps the answer: conversation-end');

/** The place of the analysis among the values of the statement. */
const ANALYSIS = 1;

if (import.meta.main)
  await runWithParts(({ database }) => {
    let analysis: unknown;
    return {
      database: {
        ...database,
        async query(statement, values) {
          if (!statement.includes('SET analysis = $2')) return database.query<never>(statement, values);
          const own = values[ANALYSIS];
          analysis = own;
          await sleep(3);
          const rows = await database.query<never>(statement, values.with(ANALYSIS, analysis as never));
          return rows.map((row: object) => ({ ...row, analysis: own })) as never;
        },
      },
    };
  });
