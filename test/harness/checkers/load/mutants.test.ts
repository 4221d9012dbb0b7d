import { during } from '../fake-wire.ts';
import { testAnswers, testDelays } from '../mutant-tests.ts';

testAnswers({
  'call-fails-under-load': [
    [
      { phase: during({ action: 'calm before' }) },
      { phase: during({ action: 'spike' }), status: 503 },
      { phase: during({ action: 'spike' }) },
      { phase: during({ action: 'spike' }) },
    ],
    [200, 503, 500, 200],
  ],
  'endpoint-fails': [
    [
      { phase: during({ action: 'steady' }) },
      { phase: during({ action: 'endpoint', endpoint: 'ask' }) },
      { phase: during({ action: 'endpoint', endpoint: 'list' }), endpoint: 'list' },
    ],
    [200, 500, 200],
  ],
  'worthless-credentials-accepted': [
    [
      { phase: during({ action: 'endpoint', endpoint: 'ask' }), status: 401 },
      { phase: during({ action: 'without proof', endpoint: 'ask' }), status: 401 },
    ],
    [401, 200],
  ],
});

testDelays([
  ['late-under-load', { phase: during({ action: 'step', rate: 37.5, round: 2 }), endpoint: 'list' }, 500],
  ['late-under-load', { phase: during({ action: 'soak' }), endpoint: 'list' }, 500],
]);
