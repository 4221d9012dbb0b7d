import { expect, test } from 'vitest';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import contract from '../../service/proofload.config.ts';

/**
 * `mix` consists of the others, bad certificates are tested by chaos/impostor, and tool calls by chaos/tools.
 */
const ELSEWHERE = ['certificate', 'mix', 'tool-calls'];

test.each(Object.entries(contract.breakers))(
  'the reference contract says which kinds of faults to %s',
  (_, breaker) => {
    const said = [...breaker.failures, ...breaker.ignored, ...breaker.harmless].map(({ kind }) => kind);
    const all = [...upstreamFaults.keys()].filter((kind) => !ELSEWHERE.includes(kind));
    expect([...new Set(said)].sort()).toEqual(all.sort());
  },
);
