import { expect, test } from 'vitest';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import contract from '../../service/proofload.config.ts';

/** `mix` consists of the others, and bad certificates are tested by chaos/impostor. */
const ELSEWHERE = ['certificate', 'mix'];

test.each(Object.entries(contract.breakers))(
  'the reference contract says which kinds of faults to %s',
  (_, breaker) => {
    const said = [...breaker.failures, ...breaker.ignored, ...breaker.harmless].map(({ kind }) => kind);
    const all = [...upstreamFaults.keys()].filter((kind) => !ELSEWHERE.includes(kind));
    expect([...new Set(said)].sort()).toEqual(all.sort());
  },
);
