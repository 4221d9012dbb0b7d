import { expect, test } from 'vitest';
import { connectionFaults } from '../../../faults/connections/index.ts';
import { upstreamFaults } from '../../../faults/kinds/index.ts';
import { natureOf } from '../../../faults/kinds/lib/nature.ts';
import { faultNatures, isQuick, seenAs } from '../../../harness/contract/known-faults.ts';
import { registeredFaults } from '../../../harness/contract/registered-faults.ts';

const KNOWN = registeredFaults();

test.each([
  [{ kind: 'status', status: 429 }, 429],
  [{ kind: 'html-page' }, 502],
  [{ kind: 'html-page', status: 404 }, 404],
  [{ kind: 'reset-in-headers' }, 'connection'],
  [{ kind: 'refuse' }, 'connection'],
  [{ kind: 'hang' }, 'timeout'],
  [{ kind: 'latency', milliseconds: 5 }, 'timeout'],
  [{ kind: 'malformed-json' }, 'body'],
  [{ kind: 'error-in-body', status: 503 }, 'body'],
  [{ kind: 'cut-stream' }, undefined],
  [{ kind: 'split-chunks' }, undefined],
  [{ kind: 'constructor' }, undefined],
] as const)('a client sees %j as %s', (fault, seen) => {
  expect(seenAs(fault, KNOWN)).toBe(seen);
});

test('kinds that fail single calls or streams are quick', () => {
  const quick = Object.keys(KNOWN).filter((kind) => isQuick({ kind }, KNOWN));
  expect(quick).toEqual(expect.arrayContaining(['status', 'reset', 'cut-stream']));
  for (const kind of ['hang', 'refuse', 'flood', 'constructor']) expect(quick).not.toContain(kind);
});

test('kinds for HTTP and TCP with the same name are alike', () => {
  const shared = [...connectionFaults.values()].flatMap((kind) => {
    const other = upstreamFaults.get(kind.kind);
    return other ? [[kind, other] as const] : [];
  });
  expect(shared.length).toBeGreaterThan(2);
  for (const [kind, other] of shared) expect(natureOf(kind), kind.kind).toEqual(natureOf(other));
});

test('what is known can be written to a history and read again', () => {
  expect(faultNatures.parse(JSON.parse(JSON.stringify(KNOWN)))).toEqual(KNOWN);
});
