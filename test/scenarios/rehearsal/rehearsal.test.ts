import { expect, test } from 'vitest';
import { allScripts } from '../../../harness/contract/scenario-scripts.ts';
import { contractOf, PARTS, scenariosFor } from './contracts.ts';
import { rehearse } from './rehearse.ts';
import { startStandIn } from './stand-in.ts';

/** Returns phases as texts, in an order in which they can be compared, because VUs may begin them at the same time. */
const sorted = (phases: readonly object[]): string[] =>
  phases.map((phase) => JSON.stringify(Object.entries({ ...phase, primed: '' }).sort())).sort();

/** Returns the planned phases that have not begun, as often as they are missing. A script may begin more. */
function missingOf(plan: readonly object[], begun: readonly object[]): string[] {
  const open = sorted(begun);
  return sorted(plan).filter((planned) => {
    const index = open.indexOf(planned);
    if (index !== -1) open.splice(index, 1);
    return index === -1;
  });
}

/** The scripts that leave something out for `doctor`. */
const BRIEF = ['chaos/outage', 'chaos/retry-amplification', 'stress/budgets'];

const rehearsed = new Set<string>();

test.each(PARTS)(
  'no scenario that is not skipped throws or leaves its plan for a contract with %s',
  async (name, part) => {
    await using standIn = await startStandIn();
    const contract = await contractOf(part, name);
    const thrown: Record<string, string> = {};
    const brief = { ...contract, name: `${name}, briefly`, isBrief: true };
    for (const scenario of [...(await scenariosFor(contract)), ...(await scenariosFor(brief, BRIEF))]) {
      rehearsed.add(scenario.script.name);
      const before = standIn.phases.length;
      const exception = await rehearse(scenario, contract, standIn);
      if (exception !== undefined) thrown[scenario.name] = exception;
      const { plan = [] } = scenario.proof;
      expect(missingOf(plan, standIn.phases.slice(before)), scenario.name).toEqual([]);
    }
    expect(thrown).toEqual({});
    expect(standIn.seen).toBeGreaterThan(0);
  },
);

test('each script is rehearsed with a contract in contracts/', async () => {
  const all = (await allScripts()).map(({ name }) => name);
  expect([...rehearsed].sort()).toEqual(all.sort());
});
