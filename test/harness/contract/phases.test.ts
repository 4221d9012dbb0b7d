import { expect, test } from 'vitest';
import { phaseData } from '../../../harness/contract/phase-shape.ts';
import { type ActionName, fieldsOf, TITLES } from '../../../harness/contract/phases.ts';

const VALUES: Record<string, unknown> = { faults: ['a'], failing: ['a'], round: 1, failures: 2, rate: 0.5 };

test.each(Object.keys(TITLES) as ActionName[])(
  'the action "%s" needs each field of its title, and no other',
  (action) => {
    const whole = {
      action,
      ...Object.fromEntries(fieldsOf(action).map((field) => [field, VALUES[field] ?? 'a name'])),
    };
    expect(phaseData.safeParse(whole).success).toBe(true);
    expect(phaseData.safeParse({ ...whole, other: 'x' }).success).toBe(false);
    for (const field of fieldsOf(action)) {
      expect(phaseData.safeParse({ ...whole, [field]: undefined }).success, field).toBe(false);
    }
  },
);

test('no two actions have the same title', () => {
  expect(new Set(Object.values(TITLES)).size).toBe(Object.keys(TITLES).length);
});

test('names with spaces, and those of properties of objects, are values like others', () => {
  for (const endpoint of ['ask question', 'a in b at c', '__proto__', 'constructor']) {
    expect(phaseData.safeParse({ action: 'endpoint', endpoint }).success).toBe(true);
  }
});
