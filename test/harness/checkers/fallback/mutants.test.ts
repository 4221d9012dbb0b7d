import { after, during, SERVED } from '../fake-wire.ts';
import { testAnswers, testAnswersInstead, testArrivals, testBodies } from '../mutant-tests.ts';

const EVENTS = { body: 'data: a\n\ndata: b\n\n' };

testAnswers({
  'fallback-fails': [
    [
      { phase: during({ action: 'no fallback', fault: '500', failing: ['llm'], endpoint: 'ask' }) },
      { phase: during({ action: 'fallback', fault: '500', failing: ['llm'], endpoint: 'ask' }) },
    ],
    [200, 502],
  ],
});

testAnswersInstead({
  'first-upstream-left-out': [
    [
      { phase: during({ action: 'fallback spares', fault: '400', endpoint: 'ask' }) },
      { phase: after({ action: 'fallback spares', fault: '400', endpoint: 'ask' }) },
    ],
    [undefined, 200],
  ],
});

testArrivals([
  [
    'trial-behind-the-fallback-too-early',
    after({ action: 'fallback outage', endpoint: 'ask' }),
    during({ action: 'fallback outage', endpoint: 'ask' }),
  ],
]);

testBodies([
  [
    'fallback-names-the-first-upstream',
    { ...EVENTS, phase: during({ action: 'fallback', fault: '500', failing: ['llm'], endpoint: 'ask' }) },
    String(SERVED.body),
  ],
]);
