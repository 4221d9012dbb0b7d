import { expect, test } from 'vitest';
import { upstreamFaults } from '../../../faults/kinds/index.ts';
import { latency } from '../../../faults/kinds/latency.ts';
import type { FaultKinds } from '../../../faults/kinds/lib/fault.ts';
import { status } from '../../../faults/kinds/status.ts';
import { parseFault } from '../../../faults/plan/parse-fault.ts';
import { databaseFaults } from '../../../harness/lab/database-faults/index.ts';
import { type FaultField, faultFields } from '../../../harness/workbench/fault-fields.ts';

const kindsOf = (kinds: FaultKinds<never>, of: string) => [...kinds.values()].map((kind) => ({ of, kind, kinds }));
const all = [
  ...kindsOf(upstreamFaults as FaultKinds<never>, 'upstream'),
  ...kindsOf(databaseFaults(true) as FaultKinds<never>, 'database'),
];

/** Returns the fault that an untouched form describes. */
const asItStands = (fields: FaultField[]) =>
  Object.fromEntries(
    fields
      .filter(({ initial }) => initial !== '')
      .map(({ name, as, initial }) => [name, as === 'text' ? initial : JSON.parse(initial)]),
  );

test.each(all.map((fault) => [fault.of, fault.kind.kind, fault] as const))(
  '%s %s can be switched on as its form stands',
  (_, name, fault) => {
    const { own, scope } = faultFields(fault.kind);
    const { kind, options } = parseFault({ kind: name, ...asItStands([...own, ...scope]) }, fault.kinds);
    expect(kind).toBe(name);
    expect(Object.keys(options).sort()).toEqual(
      own.flatMap((field) => (field.initial === '' ? [] : [field.name])).sort(),
    );
  },
);

test('a field has the description and the bounds of its schema', () => {
  const [code, retryAfter] = faultFields(status).own;
  expect(code).toEqual({
    name: 'status',
    as: 'number',
    isRequired: true,
    hint: 'a whole number from 400 to 599',
    initial: '503',
    min: 400,
    max: 599,
    step: 1,
  });
  expect(retryAfter).toMatchObject({ name: 'retryAfter', as: 'json', isRequired: false, initial: '' });
  expect(faultFields(latency).own.map(({ name, step, as }) => [name, step, as])).toEqual([
    ['milliseconds', undefined, 'number'],
    ['jitterMilliseconds', undefined, 'number'],
    ['seed', undefined, 'text'],
  ]);
});

test('a choice has its values, and a fault of a port can only be timed', () => {
  const certificate = upstreamFaults.get('certificate');
  const { own, scope } = faultFields(certificate as NonNullable<typeof certificate>);
  expect(own[0]).toMatchObject({ choices: expect.arrayContaining(['self-signed', 'expired']), initial: 'expired' });
  expect(scope.map(({ name }) => name)).toEqual(['afterMilliseconds', 'forMilliseconds', 'flapping']);
});
