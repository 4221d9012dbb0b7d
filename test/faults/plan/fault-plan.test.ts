import { expect, test } from 'vitest';
import { FaultPlan } from '../../../faults/plan/fault-plan.ts';
import type { FaultScope } from '../../../faults/scope/scope.ts';

const ROUTE = 'POST /openai/v1/chat/completions';

function planOf(...scopes: FaultScope[]): FaultPlan {
  let ids = 0;
  const plan = new FaultPlan(() => `f${++ids}`);
  for (const scope of scopes) plan.add({ kind: 'reset', options: {}, scope, actions: {} });
  return plan;
}

const chosenIds = (plan: FaultPlan, route = ROUTE) => plan.choose({ route }).map(({ id }) => id);
const disruptionsOf = (plan: FaultPlan, requests: number) =>
  Array.from({ length: requests }, () => chosenIds(plan).length);

test('a fault without a scope acts until it is healed', () => {
  const plan = planOf({});
  expect(disruptionsOf(plan, 3)).toEqual([1, 1, 1]);
  plan.heal('f1');
  expect(disruptionsOf(plan, 2)).toEqual([0, 0]);
});

test('next disrupts exactly the next N requests and is spent', () => {
  const plan = planOf({ next: 2 });
  expect(disruptionsOf(plan, 4)).toEqual([1, 1, 0, 0]);
  expect(plan.list()).toMatchObject([{ id: 'f1', seen: 2, excluded: 0, disrupted: 2 }]);
});

test('a request to another route is excluded and not counted', () => {
  const plan = planOf({ next: 1, route: ROUTE });
  expect(chosenIds(plan, 'GET /openai/v1/models')).toEqual([]);
  expect(chosenIds(plan, `${ROUTE}/`)).toEqual([]);
  expect(chosenIds(plan)).toEqual(['f1']);
  expect(plan.list()).toMatchObject([{ seen: 3, excluded: 2, disrupted: 1 }]);
});

test.each([
  [0, 0],
  [0.001, 1],
  [0.1, 100],
  [0.3, 300],
  [1 / 3, 333],
  [0.5, 500],
  [0.7, 700],
  [0.999, 999],
  [1, 1000],
])('rate %d disrupts exactly %d of 1000', (rate, expected) => {
  expect(disruptionsOf(planOf({ rate }), 1000).reduce((sum, disruption) => sum + disruption, 0)).toBe(expected);
});

test('a rate is never more than half a request off its target', () => {
  const plan = planOf({ rate: 0.3 });
  let disrupted = 0;
  for (let request = 1; request <= 10_000; request++) {
    disrupted += chosenIds(plan).length;
    expect(Math.abs(disrupted - 0.3 * request)).toBeLessThanOrEqual(0.5 + 1e-9);
  }
});

test('a rate only counts the requests to its route', () => {
  const plan = planOf({ rate: 0.5, route: ROUTE });
  const disrupted = Array.from({ length: 100 }, () => {
    chosenIds(plan, 'GET /other');
    return chosenIds(plan).length;
  });
  expect(disrupted.reduce((sum, n) => sum + n, 0)).toBe(50);
});

test('all faults that apply are selected, in the order in which they were added', () => {
  const plan = planOf({}, { next: 1 }, { route: 'GET /other' }, { rate: 1 });
  expect(chosenIds(plan)).toEqual(['f1', 'f2', 'f4']);
  expect(chosenIds(plan)).toEqual(['f1', 'f4']);
});

test('healing releases held requests, even of a spent fault', () => {
  const plan = planOf({ next: 1 }, {});
  const [spent, active] = plan.choose({ route: ROUTE });
  expect(plan.heal('f1')).toMatchObject({ id: 'f1', state: 'spent' });
  expect(spent?.healed.aborted).toBe(true);
  expect(active?.healed.aborted).toBe(false);
  expect(plan.healAll().map(({ id }) => id)).toEqual(['f2']);
  expect(active?.healed.aborted).toBe(true);
  expect(plan.list()).toEqual([]);
});

test('healing an unknown fault does nothing', () => {
  const plan = planOf({});
  expect(plan.heal('f9')).toBeUndefined();
  expect(chosenIds(plan)).toEqual(['f1']);
});

test('only the last 1,000 spent faults are kept', () => {
  const plan = planOf();
  for (let i = 0; i < 1100; i++) {
    plan.add({ kind: 'reset', options: {}, scope: { next: 1 }, actions: {} });
    plan.choose({ route: ROUTE });
  }
  expect(plan.list()).toHaveLength(1000);
});
