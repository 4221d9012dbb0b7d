import { expect, test } from 'vitest';
import { CHECKERS } from '../../../harness/checkers/index.ts';
import type { Checker } from '../../../harness/checkers/lib/checker.ts';
import type { Contract } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { promiseAt, promisesOf } from '../../../harness/contract/promises.ts';
import { registeredFaults } from '../../../harness/contract/registered-faults.ts';
import { findScenarios } from '../../../harness/contract/scenario-names.ts';
import { allScripts, SUITES } from '../../../harness/contract/scenario-scripts.ts';
import { loadScenario, type Scenario } from '../../../harness/run/scenario.ts';
import { SILENCE } from '../../../harness/testing/hand-written.ts';
import { contractFile } from '../../support/command-line.ts';
import { PARTS, type Part } from './contracts.ts';
import { rehearse } from './rehearse.ts';
import { startStandIn } from './stand-in.ts';

const START = { command: ['node', 'service.js'], readyPath: '/health', readySeconds: 1 };

/** Reads a contract as users do, so that each of these is valid. */
const contractOf = async ({ fast = {}, others = {}, ...promises }: Part): Promise<Contract> => {
  const conditions = { 'no-rate-limits': {}, ...(promises.conditions as object | undefined) };
  const small = {
    name: 'small',
    start: START,
    ...promises,
    conditions,
    profiles: { fast, ...others },
  };
  return loadContract(await contractFile(small));
};

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

/** Returns the scenarios for a contract that are not skipped. */
async function scenariosFor(contract: Contract): Promise<Scenario[]> {
  const names = await findScenarios(SUITES, Object.keys(contract.breakers));
  const loaded = await Promise.all(names.map((name) => loadScenario(name, contract, 'fast')));
  return loaded.flatMap((one) => ('skipped' in one ? [] : [one]));
}

test.each(PARTS)(
  'no scenario that is not skipped throws or leaves its plan for a contract with %s',
  async (_, part) => {
    await using standIn = await startStandIn();
    const contract = await contractOf(part);
    const thrown: Record<string, string> = {};
    for (const scenario of await scenariosFor(contract)) {
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

test.each(PARTS)('each checker knows its cases in advance for a contract with %s', async (_, part) => {
  const contract = await contractOf(part);
  for (const { name, numbers, breaker, proof } of await scenariosFor(contract)) {
    const facts = {
      contract,
      faults: registeredFaults(),
      numbers,
      noise: SILENCE,
      proof,
      ...(breaker !== undefined && { breaker }),
    };
    // Only a condition says that the database is reached over TLS.
    const promised = [...promisesOf(contract, numbers), ['tls', 'refused']].map((path) => path.join('.'));
    for (const { name: checker, cases, without } of proof.holds.map((held) => CHECKERS[held] as Checker)) {
      const known = cases?.(facts);
      const about = `${checker} in ${name}`;
      expect(known, `${about} needs a plan`).toBeDefined();
      expect(known?.length === 0 && without === undefined, `${about} says no reason`).toBe(false);
      const judged = (known ?? []).flatMap(({ promises }) =>
        promises.map((path) => (promiseAt(path) ?? path).join('.')),
      );
      expect(
        judged.filter((path) => !promised.includes(path)),
        `${about} judges what is not promised`,
      ).toEqual([]);
    }
  }
});

test('each script is rehearsed with a contract in contracts/', async () => {
  const contracts = await Promise.all(PARTS.map(([, part]) => contractOf(part)));
  const rehearsed = (await Promise.all(contracts.map(scenariosFor))).flat().map(({ script }) => script.name);
  const all = (await allScripts()).map(({ name }) => name);
  expect([...new Set(rehearsed)].sort()).toEqual(all.sort());
});
