import { expect, test } from 'vitest';
import { type Contract, numbersOf } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { keyOf } from '../../../harness/contract/promise-path.ts';
import { patternOf, promisesOf } from '../../../harness/contract/promises.ts';
import { addScript } from '../../../harness/contract/scenario-scripts.ts';
import { promisedIn } from '../../../harness/run/promised.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { CONTRACTS as EVERYTHING } from '../../docs/contracts.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';

const CONTRACTS = [
  'service/proofload.config.ts',
  'examples/fastify/proofload.yaml',
  'examples/llm-gateway/proofload.yaml',
  'examples/ask-service/proofload.yaml',
];

test.each(CONTRACTS)('what the checks judge with %s is something that it promises', async (path) => {
  const contract = await loadContract(path);
  const { promises, scenarios } = await promisedIn(contract, 'fast', []);
  expect(promises).toEqual(promisesOf(contract, numbersOf(contract, 'fast')));
  const known = new Set(
    Object.entries(contract.profiles).flatMap(([profile, numbers]) => [
      ...promisesOf(contract, numbers, profile).map(keyOf),
      ...promises.map(keyOf),
    ]),
  );
  const claimed = [...scenarios].filter(([key]) => !known.has(key));
  expect(Object.fromEntries(claimed)).toEqual({});
});

/** Their checks know only during a run whether they judge them: a threshold of the script, and a search of responses. */
const KNOWN_LATER = ['breakers.*.openings', 'secrecy'];

test('each kind of promise is judged by a scenario, with some contract', async () => {
  const [judged, promised] = [new Set<string>(), new Set<string>()];
  for (const path of [...CONTRACTS, ...EVERYTHING]) {
    const contract = await loadContract(path);
    const kinds = promisesOf(contract, numbersOf(contract, 'fast')).map(
      (promise) => patternOf(promise)?.join('.') ?? '',
    );
    if (kinds.every((kind) => judged.has(kind))) continue;
    const { promises, scenarios } = await promisedIn(contract, 'fast', []);
    for (const promise of promises) {
      const kind = patternOf(promise)?.join('.') ?? '';
      promised.add(kind);
      if ((scenarios.get(keyOf(promise)) ?? []).length > 0) judged.add(kind);
    }
  }
  expect(promised.size).toBeGreaterThan(60);
  expect([...promised].filter((kind) => !judged.has(kind) && !KNOWN_LATER.includes(kind))).toEqual([]);
});

const TLS = keyOf(['tls', 'refused']);

test('scenarios that are not part of the run are known to judge a promise, and so are those that are skipped', async () => {
  const contract = await loadContract('service/proofload.config.ts');
  const judgesOf = async (changed: Contract, ...names: string[]) => {
    const loaded = await Promise.all(names.map((name) => loadScenario(name, changed, 'fast')));
    return (await promisedIn(changed, 'fast', loaded)).scenarios.get(TLS);
  };
  expect(await judgesOf(contract, 'stress/smoke')).toContain('chaos/impostor');
  const poor = { ...contract, conditions: {} };
  expect(await loadScenario('chaos/impostor', poor, 'fast')).toHaveProperty('skipped');
  expect(await judgesOf(poor, 'chaos/impostor')).toContain('chaos/impostor');
});

test('the promises that can not be seen of a running service are known, with the scenarios that would judge them', async () => {
  const contract = await loadContract('service/proofload.config.ts');
  const { command: _, ...start } = contract.start;
  const running = { ...contract, start: { ...start, running: { url: 'http://127.0.0.1:8000' } } };
  const { promises, scenarios } = await promisedIn(running, 'fast', []);
  expect(promises).toContainEqual(['ledger']);
  expect(scenarios.get(TLS)).toContain('chaos/impostor');
  expect(scenarios.get(keyOf(['breakers', 'llm', 'refusal']))).toContain('chaos/llm-outage');
});

test('a scenario that can not be read is named', async () => {
  const path = await temporaryFile(
    'broken.ts',
    "export const proof = { judges: 'broken things' };\nthrow new Error('it is broken');\n",
  );
  await addScript(path);
  const contract = await loadContract('examples/ask-service/proofload.yaml');
  const { problems } = await promisedIn(contract, 'fast', []);
  expect(problems).toEqual([expect.stringMatching(/^own\/broken can't be read, .* it is broken/s)]);
});
