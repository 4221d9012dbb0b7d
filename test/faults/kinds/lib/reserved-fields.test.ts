import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeFault } from '../../../../faults/control/describe-fault.ts';
import { addUpstreamFault } from '../../../../faults/kinds/index.ts';
import { defineUpstreamFault } from '../../../../faults/kinds/lib/upstream-fault.ts';
import { scopeFieldsOf } from '../../../../faults/scope/scope.ts';

const create = () => ({});
const described = { ...describeFault({ specification: {} } as Parameters<typeof describeFault>[0]) };
const taken = [
  ...Object.keys(scopeFieldsOf({ actsOn: 'requests' })),
  ...Object.keys(described),
  'connections',
  'weight',
];

test.each(taken)('a fault can have no field "%s", which other parts of the API use', (name) => {
  const fields = { [name]: z.number().describe('a number'), own: z.number().describe('a number') };
  const fault = { kind: 'reserving', does: 'x', effect: 'fails', seen: undefined, fields, create } as const;
  const message = `fault "reserving" has a field with a reserved name: "${name}"; allowed: all names except kind, `;
  const refusal = expect.objectContaining({ code: 'reserved-field', message: expect.stringContaining(message) });
  expect(() => defineUpstreamFault(fault)).toThrow(refusal);
  expect(() => addUpstreamFault({ ...fault, actsOn: 'requests' })).toThrow(refusal);
});
