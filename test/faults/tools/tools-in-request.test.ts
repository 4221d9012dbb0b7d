import { expect, test } from 'vitest';
import { toolsInRequest } from '../../../faults/tools/tools-in-request.ts';

const read = (request: object) => toolsInRequest(Buffer.from(JSON.stringify(request)));
const resultsIn = (request: object) => read(request).results;

const question = { role: 'user', content: 'Order tea.' };
const FAILED = 'Error: no tea';

test.each([
  [
    'chat completions',
    {
      messages: [
        question,
        { role: 'assistant', tool_calls: [{ id: 'a' }] },
        { role: 'tool', tool_call_id: 'a', content: 'an earlier one' },
        { role: 'assistant', tool_calls: [{ id: 'b' }] },
        { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: FAILED }] },
        question,
      ],
    },
  ],
  [
    'responses',
    {
      input: [
        question,
        { type: 'function_call', call_id: 'b' },
        { type: 'function_call_output', call_id: 'b', output: FAILED },
      ],
    },
  ],
])('results of the last calls are found: %s', (_, request) => {
  expect(resultsIn(request)).toEqual([{ id: 'b', text: FAILED }]);
});

test('results are marked as errors in messages', () => {
  const content = [
    { type: 'tool_result', tool_use_id: 'b', content: FAILED, is_error: true },
    { type: 'tool_result', tool_use_id: 'c', content: { status: 'placed' } },
  ];
  const request = { messages: [question, { role: 'assistant', content: [] }, { role: 'user', content }] };
  expect(resultsIn(request)).toEqual([
    { id: 'b', text: FAILED, isError: true },
    { id: 'c', text: '{"status":"placed"}' },
  ]);
});

test('the names of offered tools are found', () => {
  const tools = [{ type: 'function', function: { name: 'a' } }, { name: 'b' }, { type: 'web_search' }];
  expect(read({ messages: [question], tools }).offers).toEqual(['a', 'b']);
});

test('other requests say nothing', () => {
  expect(read({ messages: [question] })).toEqual({ offers: [], results: [] });
  expect(toolsInRequest(Buffer.from('"tool_call_id" but no JSON'))).toEqual({ offers: [], results: [] });
  expect(toolsInRequest(undefined)).toEqual({ offers: [], results: [] });
});
