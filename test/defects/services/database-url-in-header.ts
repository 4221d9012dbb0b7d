/** Defect: a response header for debugging contains the database URL with its password. */
import { changeHeaders } from '../change-headers.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'nothing-leaks', 'responses show no secret');

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      health: changeHeaders(limiters.health, (response) => {
        response.setHeader('X-Database', String(process.env.DATABASE_URL));
      }),
    },
  }));
