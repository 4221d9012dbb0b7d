import { expect, test } from 'vitest';
import { toolLoopsEnd } from '../../../../harness/checkers/tools/tool-loops-end.ts';
import { A, call, judgedTalk } from './tool-history.ts';

test.each([
  [4, 'FAIL'],
  [3, 'PASS'],
  [2, 'PASS'],
  [1, 'INCONCLUSIVE'],
  [0, 'INCONCLUSIVE'],
])('with 3 promised rounds, %d requests to the model are judged', (requests, verdict) => {
  const turns = Array.from({ length: requests }, () => ({ calls: [call(A)] }));
  const planned = { action: 'tool loop', endpoint: 'ask', upstream: 'model' } as const;
  expect(judgedTalk(toolLoopsEnd, planned, { turns })).toMatchObject([{ verdict }]);
});
