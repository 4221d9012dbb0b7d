import { expect, test } from 'vitest';
import { z } from 'zod';
import { Refusal } from '../../../../faults/base/refusal.ts';
import type { FaultKind } from '../../../../faults/kinds/lib/fault.ts';
import { parseKind } from '../../../../faults/kinds/lib/parse-kind.ts';

const kindOf = (kind: string, fields: z.ZodRawShape = {}) =>
  [kind, { kind, does: 'fails', fields, create: () => ({}) } as unknown as FaultKind<unknown>] as const;
const kinds = new Map([kindOf('status', { status: z.int() }), kindOf('reset')]);

const parsed = (body: unknown, fields: Parameters<typeof parseKind>[1]['fields'] = {}) =>
  parseKind(body, { kinds, fields, subject: 'fault' });

test('returns the kind, and its fields without the name', () => {
  expect(parsed({ kind: 'status', status: 503 })).toEqual({ kind: kinds.get('status'), options: { status: 503 } });
});

test('further fields may depend on the kind', () => {
  const fields = ({ kind }: { kind: string }) => (kind === 'reset' ? { next: z.int() } : {});
  expect(parsed({ kind: 'reset', next: 2 }, fields).options).toEqual({ next: 2 });
  expect(parsed({ kind: 'reset', next: 2 }, { next: z.int() }).options).toEqual({ next: 2 });
  expect(() => parsed({ kind: 'status', status: 503, next: 2 }, fields)).toThrow(Refusal);
});

test.each<[string, unknown, string]>([
  ['another name', { kind: 'tsunami', status: 503 }, '"tsunami"'],
  ['a name that is no text', { kind: 5 }, '{"kind":5}'],
  ['no name', { status: 503 }, '{"status":503}'],
  ['no object', 'reset', '"reset"'],
])('refuses %s, and lists the allowed ones', (_, body, got) => {
  expect(() => parsed(body)).toThrow(
    expect.objectContaining({
      code: 'unknown-fault-kind',
      message: `unknown fault kind ${got}; allowed: status, reset`,
    }),
  );
});
