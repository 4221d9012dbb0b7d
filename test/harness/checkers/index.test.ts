import { glob, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ALL_FAMILIES, BUILT_IN, countConnections, WIRE_MUTANTS } from '../../../harness/checkers/index.ts';
import type { Family } from '../../../harness/checkers/lib/family.ts';
import type { WireMutant } from '../../../harness/wire/wire-mutant.ts';

/** Those of proofload. Tests of other files add their own ones to the registry. */
const ALL = Object.fromEntries(BUILT_IN.map((checker) => [checker.name, checker]));

test('every checker names the likely causes of a failure, and says how to fix it', () => {
  for (const { name, usually, fix } of Object.values(ALL)) {
    expect(usually, name).toMatch(/^[A-Z/].{20,}\.$/);
    expect(fix, name).toMatch(/^[A-Z/].{20,}\.$/);
  }
});

test('every checker knows its cases in advance', () => {
  expect(Object.values(ALL).flatMap(({ name, cases }) => (cases ? [] : name))).toEqual([]);
});

test('checkers only depend on existing checkers', () => {
  for (const { name, restsOn = [] } of Object.values(ALL)) {
    for (const other of restsOn) expect(Object.keys(ALL), `${name} rests on ${other}`).toContain(other);
  }
});

test('no checker depends on itself, directly or indirectly', () => {
  const causes = (name: string, path: readonly string[] = []): string[] => {
    if (path.includes(name)) throw new Error(`circle: ${[...path, name].join(' → ')}`);
    return (ALL[name]?.restsOn ?? []).flatMap((other) => [other, ...causes(other, [...path, name])]);
  };
  for (const name of Object.keys(ALL)) expect(causes(name), name).not.toContain(name);
});

test('mutants have names of their own, and name checkers that exist', () => {
  const names = WIRE_MUTANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const named = WIRE_MUTANTS.flatMap(({ turnsRed, disturbs = [] }) => [...turnsRed, ...disturbs]);
  expect(named.filter((checker) => !Object.hasOwn(ALL, checker))).toEqual([]);
});

test('a mutant is in the family with most of the checkers that it turns red', () => {
  const redIn = ({ checkers }: Family, { turnsRed }: WireMutant): number =>
    checkers.filter(({ name }) => turnsRed.includes(name)).length;
  const elsewhere = ALL_FAMILIES.flatMap((family) =>
    family.mutants
      .filter((mutant) => redIn(family, mutant) < Math.max(1, ...ALL_FAMILIES.map((other) => redIn(other, mutant))))
      .map(({ name }) => `${name} is not in the right family: ${family.title}`),
  );
  expect(elsewhere).toEqual([]);
});

test("checkers that judge samples of database connections say so, and a team's own may always do so", async () => {
  const silent: string[] = [];
  for await (const file of glob('harness/checkers/*/*.ts')) {
    const source = await readFile(file, 'utf8');
    if (/\ball(In)?\('connections'/.test(source) && !source.includes('countsConnections: true')) silent.push(file);
  }
  expect(silent).toEqual([]);
  expect([['recovers'], ['recovers', 'pool-ceiling'], ['of-a-team']].map(countConnections)).toEqual([
    false,
    true,
    true,
  ]);
});
