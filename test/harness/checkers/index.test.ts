import { expect, test } from 'vitest';
import { ALL_FAMILIES } from '../../../harness/checkers/index.ts';

/** Those of proofload. Tests of other files add their own ones to the registry. */
const ALL = Object.fromEntries(
  Object.values(ALL_FAMILIES)
    .flat()
    .map((checker) => [checker.name, checker]),
);

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
