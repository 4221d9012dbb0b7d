import { expect, test } from 'vitest';
import { during, mutantIn } from '../fake-wire.ts';
import { testAnswers, testAnswersInstead } from '../mutant-tests.ts';

testAnswers({
  'pool-serves-one-too-many': [
    [
      { phase: during({ action: 'locked' }), status: 503 },
      { phase: during({ action: 'locked' }), status: 503 },
    ],
    [200, 503],
  ],
  'acknowledged-without-a-row': [
    [
      { phase: during({ action: 'steady' }), status: 503 },
      { phase: during({ action: 'database outage', fault: 'stop' }), status: 503 },
      { phase: during({ action: 'database outage', fault: 'stop' }), status: 503 },
      { phase: during({ action: 'written until a crash' }), status: 503 },
      { phase: during({ action: 'written until a crash' }), status: 503 },
    ],
    [503, 200, 503, 200, 200],
  ],
  'stored-call-fails': [
    [
      { phase: during({ action: 'steady' }), endpoint: 'store' },
      { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), endpoint: 'ask' },
      { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'store' }), endpoint: 'store' },
      { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'store' }), endpoint: 'store' },
    ],
    [200, 200, 504, 200],
  ],
  'served-without-the-database': [
    [
      { phase: during({ action: 'database outage', fault: 'stop' }), endpoint: 'ask', status: 503 },
      { phase: during({ action: 'database outage', fault: 'stop' }), endpoint: 'store', status: 503 },
      { phase: during({ action: 'database outage', fault: 'stop' }), endpoint: 'list', status: 503 },
      { phase: during({ action: 'locked' }), endpoint: 'list', status: 503 },
    ],
    [503, 200, 200, 503],
  ],
  'call-fails-after-lost-connections': [
    [{ phase: during({ action: 'connections lost' }) }, { phase: during({ action: 'connections lost' }), status: 503 }],
    [200, 500],
  ],
  'read-refused-during-upstream-calls': [
    [
      { phase: during({ action: 'steady' }), endpoint: 'list' },
      { phase: during({ action: 'slow upstream', upstream: 'llm', endpoint: 'ask' }), endpoint: 'ask' },
      { phase: during({ action: 'slow upstream', upstream: 'llm', endpoint: 'ask' }), endpoint: 'list' },
    ],
    [200, 200, 503],
  ],
  'reads-refused-once-connections-are-back': [
    [
      { phase: during({ action: 'locked' }) },
      { phase: during({ action: 'locked again', round: 1 }) },
      { phase: during({ action: 'locked again', round: 1 }) },
    ],
    [200, 503, 503],
  ],
});

testAnswersInstead({
  'read-without-the-table': [
    [
      { phase: during({ action: 'steady' }), endpoint: 'list' },
      { phase: during({ action: 'locked' }), endpoint: 'ask' },
      { phase: during({ action: 'locked' }), endpoint: 'list' },
    ],
    [undefined, undefined, 200],
  ],
});

test('the database gets one more connection of the service', async () => {
  const { hooks, called } = mutantIn('connection-beside-the-pool');
  const acted = (['steady', 'locked', 'locked'] as const).map((action) =>
    hooks.arrive?.({ endpoint: 'list', phase: during({ action }) }),
  );
  expect([await Promise.all(acted), called]).toEqual([[false, true, false], ['database']]);
});
