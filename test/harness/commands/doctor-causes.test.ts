import { expect, test } from 'vitest';
import { causesIn, causeTexts, linesOf } from '../../../harness/commands/doctor-causes.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { contractFile } from '../../support/command-line.ts';

const finding = (scenario: string, check: string, more: Partial<Finding> = {}) => ({
  scenario,
  check,
  checker: check,
  expected: '200',
  observed: '1 × 502',
  verdict: 'FAIL' as const,
  ...more,
});

test('checks that follow from another one, in its scenario or another, are part of one entry with its line', async () => {
  const findings = [
    finding('chaos/llm-outage', 'opens', { restsOn: ['attempts'], promises: [['breakers', 'llm', 'failures']] }),
    finding('chaos/llm-outage', 'closes', { follows: 'opens' }),
    finding('chaos/retry-amplification', 'attempts', {
      promises: [['upstreams', 'groq', 'calls']],
      usually: 'A client retries.',
    }),
    finding('stress/smoke', 'served', { verdict: 'PASS' }),
  ];
  const causes = causesIn(findings);
  expect(causes).toHaveLength(1);
  const [text] = causeTexts(causes, 'fast', ([part]) => `proofload.yaml:${part?.length}`);
  expect(text?.split('\n')).toEqual([
    '  FAIL  attempts',
    '    contract: proofload.yaml:9 (upstreams.groq.calls)',
    '    in:       chaos/retry-amplification',
    '    expected: 200',
    '    observed: 1 × 502',
    '    usually:  A client retries.',
    '    and 2 checks that follow from it: opens; closes',
  ]);
});

test('the line is that of the profile of the run', async () => {
  const file = await contractFile({ profiles: { slow: {}, fast: { pool: { max: 1 } } } } as never);
  expect((await linesOf(file, 'fast'))(['profiles', '*', 'pool', 'max'])).toMatch(/:\d+$/);
});
