import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { type Budget, CONDITIONS, callIn, isRefused } from '../lib/budgets.ts';
import { context, promised, skipElsewhere } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { pauseUntil, together } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const DAILY = context.budgets.filter(({ per }) => per === 'day');
promised(DAILY[0], 'budget of a day (budgets.NAME.per)');
skipElsewhere('it has its own clock');

/** How many calls are made at once to use up a budget, and how often at most. */
const CROWD = 10;
const ROUNDS = 40;
/** How long before and after the end of the day calls are made, in milliseconds. */
const BEFORE_MS = 400;
const AFTER_MS = 500;

export const proof: Proof = {
  about: 'Uses up the budgets of a day whose end is moved. They are refused until then, and served again after it.',
  judges: 'the end of a budget day',
  clients: 1,
  seconds: 14,
  conditions: [...CONDITIONS, 'day-ends'],
  holds: ['budget-ends'],
  plan: DAILY.flatMap(({ name }) => [
    { action: 'rest of budget', budget: name },
    { action: 'budget before its end', budget: name },
    { action: 'budget begun anew', budget: name },
  ]),
};

export default async function (): Promise<void> {
  const endsAt = await lab.dayEndsAt();
  for (const budget of DAILY) await useUp(budget, await lab.phase({ action: 'rest of budget', budget: budget.name }));
  for (const [at, action] of [
    [endsAt - BEFORE_MS, 'budget before its end'],
    [endsAt + AFTER_MS, 'budget begun anew'],
  ] as const) {
    await pauseUntil(at);
    for (const budget of DAILY) {
      const phase = await lab.phase({ action, budget: budget.name });
      await callIn(budget, budget.endpoints[0] ?? '', { phase, due: String(endsAt) });
    }
  }
}

async function useUp(budget: Budget, phase: Begun): Promise<void> {
  const { endpoints } = budget;
  for (let round = 0; round < ROUNDS; round += 1) {
    const all = await together(CROWD, () => callIn(budget, endpoints[0] ?? '', { phase }));
    if (all.every((response) => isRefused(budget, response))) return;
  }
}
