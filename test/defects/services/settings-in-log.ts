/** Defect: the service logs all of its settings when it starts. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'nothing-leaks', 'log shows no secret');

if (import.meta.main) {
  console.log(process.env);
  await runWithSettings({});
}
