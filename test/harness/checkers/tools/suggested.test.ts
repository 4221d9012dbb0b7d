import { expect, test } from 'vitest';
import { suggestedTools } from '../../../../harness/checkers/tools/suggested.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, receipt } from '../../../support/history.ts';
import { toolFacts } from './tool-history.ts';

test('tools that an endpoint offers a model, and that the contract does not name, are suggested', () => {
  const history = new History([
    begun(1, { action: 'endpoint', endpoint: 'ask' }, 0, 0),
    { ...receipt(1, 10, 1, 'model'), offers: ['order', 'cancel'] },
    begun(2, { action: 'steady' }, 50, 1),
  ]);
  expect(suggestedTools(history, toolFacts())).toEqual([
    'ask offers a model the tools cancel. To require that they act once: tools: { cancel: … } and endpoints.ask.tools: [cancel]',
  ]);
});
