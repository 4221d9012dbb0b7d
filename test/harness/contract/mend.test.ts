import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import reference from '../../../service/proofload.config.ts';
import { EXAMPLE, written } from './contract-files.ts';

/** A contract as its file contains it. */
type Written = Record<string, Record<string, unknown>>;

/** Returns where each problem is that a contract is rejected for. */
const placesOf = async (contract: unknown): Promise<string[]> => placesIn(await written(contract));

async function placesIn(path: string): Promise<string[]> {
  const { message } = await loadContract(path).catch((error) => error);
  return [...message.matchAll(/^✖ (?:\S+:\d+: )?(.+?): /gm)].map(([, place]) => place);
}

const without = (section: string): Written => {
  const { [section]: _, ...rest } = reference as unknown as Written;
  return rest;
};

test.each([
  [
    'a wrong type, and a name that is not there',
    { start: { ...reference.start, readySeconds: 'soon' }, pool: { ...reference.pool, endpoint: 'nowhere' } },
    ['start.readySeconds', 'pool.endpoint'],
  ],
  [
    'a missing section, an unknown key, an unknown scenario and an unknown placeholder',
    { tls: 7, colour: 'blue', requires: ['chaos/llm-outge'], files: { 'nginx.conf': '${host}' } },
    ['tls', 'the contract', 'files.nginx.conf', 'requires.0'],
  ],
  [
    'an invalid part of a breaker, and names in the same breaker and elsewhere',
    {
      breakers: { ...reference.breakers, llm: { ...reference.breakers.llm, failures: 'all', endpoint: 'nowhere' } },
      health: 'helth',
    },
    ['breakers.llm.failures', 'health', 'breakers.llm.endpoint'],
  ],
  ['a list instead of a section', { start: [], health: 'helth' }, ['start', 'health']],
])('reports %s in one round', async (_, changes, places) => {
  expect(await placesOf({ ...reference, ...changes })).toEqual(places);
});

test('a problem of the schema that only shows when another is solved is reported with it', async () => {
  const [name = '', endpoint] = Object.entries(reference.endpoints)[0] ?? [];
  const endpoints = { ...reference.endpoints, [name]: { ...endpoint, served: 'all', method: 'GETT' } };
  const limits = { health: { max: 0, windowSeconds: 1 } };
  const profiles = { ...reference.profiles, slow: { limits, breakers: { llm: {} } } };
  expect(await placesOf({ ...reference, endpoints, profiles })).toEqual(
    expect.arrayContaining([`endpoints.${name}.served`, `endpoints.${name}.method`, 'profiles.slow.limits.health.max']),
  );
});

test('a misspelt section is not also reported as missing wherever its names are used', async () => {
  const { breakers } = reference as unknown as Written;
  const contract = { ...without('breakers'), brekers: breakers, ledger: { ...reference.ledger, endpoint: 'nowhere' } };
  expect(await placesOf(contract)).toEqual(['the contract', 'ledger.endpoint']);
  expect(await placesOf({ ...without('endpoints'), endpoint: reference.endpoints })).toEqual([
    'endpoints',
    'the contract',
  ]);
});

test.each([[5], [null], [['a']], ['text']])('%j is no contract, which is said once', async (contract) => {
  expect(await placesOf(contract)).toEqual(['the contract']);
});

/** How a part of a contract may be wrong. */
const MISTAKES: ((parent: Written, key: string) => void)[] = [
  (parent, key) => Object.assign(parent, { [key]: typeof parent[key] === 'number' ? 'soon' : 7 }),
  (parent, key) => Object.assign(parent, { [key]: [] }),
  (parent, key) => void delete parent[key],
  (parent, key) => {
    const { [key]: value } = parent;
    delete parent[key];
    Object.assign(parent, { [`${key.slice(0, 1)}${key.slice(2)}`]: value });
  },
];

function* pathsIn(value: unknown, at: readonly string[] = []): Generator<readonly string[]> {
  if (at.length > 0) yield at;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) yield* pathsIn(part, [...at, key]);
}

test('whatever is wrong in one place of a valid contract, only this place is reported', async () => {
  const valid = parse(EXAMPLE) as Written;
  const path = await written(valid);
  let judged = 0;
  for (const place of pathsIn(valid)) {
    for (const spoil of MISTAKES) {
      const contract = structuredClone(valid);
      const parent = place.slice(0, -1).reduce((part, key) => part[key] as Written, contract);
      spoil(parent, place.at(-1) as string);
      const { error } = contractSchema.safeParse(contract);
      if (!error) continue;
      await writeFile(path, JSON.stringify(contract));
      const places = error.issues.map((issue) => issue.path.join('.') || 'the contract');
      expect(await placesIn(path), place.join('.')).toEqual(places);
      judged += 1;
    }
  }
  expect(judged).toBeGreaterThan(200);
});
