import { expect, test } from 'vitest';
import { complete, groqAtRest } from './ask-groq.ts';

const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 }, unit: { enum: ['C', 'F'] } },
      required: ['city', 'days'],
    },
  },
};
const CLOCK = { type: 'function', function: { name: 'get_time' } };
const tools = [CLOCK, WEATHER];

test('calls the named function with valid arguments', async () => {
  const { groq } = groqAtRest();
  const tool_choice = { type: 'function', function: { name: 'get_weather' } };
  const { choices, usage } = (await complete(groq, { tools, tool_choice })).body;
  expect(choices).toEqual([
    {
      index: 0,
      message: {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: expect.stringMatching(/^call_/),
            type: 'function',
            function: {
              name: 'get_weather',
              arguments: expect.stringMatching(/^\{"city":"\p{Ll}[^"]*","days":1\}$/u),
            },
          },
        ],
      },
      logprobs: null,
      finish_reason: 'tool_calls',
    },
  ]);
  expect(usage.completion_tokens).toBeGreaterThan(0);
});

test('calls the first function if a call is required', async () => {
  const { groq } = groqAtRest();
  const { choices } = (await complete(groq, { tools, tool_choice: 'required' })).body;
  expect(choices[0].message.tool_calls[0].function).toEqual({ name: 'get_time', arguments: '{}' });
});

test.each(['auto', 'none', undefined])('responds with text for tool_choice %s', async (tool_choice) => {
  const { groq } = groqAtRest();
  const { choices } = (await complete(groq, { tools, tool_choice })).body;
  expect(choices[0]).toMatchObject({ message: { content: expect.any(String) }, finish_reason: 'stop' });
});

test('a function that is not one of the tools is rejected', async () => {
  const { groq } = groqAtRest();
  const { status, body } = await complete(groq, {
    tools,
    tool_choice: { type: 'function', function: { name: 'fly' } },
  });
  expect([status, body.error.message]).toEqual([400, "'tool_choice' : function 'fly' is not one of 'tools'"]);
});

test('responds with a value that the JSON schema allows', async () => {
  const { groq } = groqAtRest();
  const schema = { type: 'object', properties: { mood: { enum: ['good', 'bad'] } }, required: ['mood'] };
  const response_format = { type: 'json_schema', json_schema: { name: 'mood', schema } };
  expect((await complete(groq, { response_format })).body.choices[0].message.content).toBe('{"mood":"good"}');
});

test("JSON that doesn't fit into the limit gets 400 json_validate_failed with the partial text", async () => {
  const { groq } = groqAtRest();
  const { status, body } = await complete(groq, { response_format: { type: 'json_object' }, max_completion_tokens: 4 });
  expect(status).toBe(400);
  expect(body.error).toEqual({
    message: "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.",
    type: 'invalid_request_error',
    code: 'json_validate_failed',
    failed_generation: expect.stringMatching(/^\{"topics":\["..?.?.?$/),
  });
});

test("a function call that doesn't fit into the limit gets 400 tool_use_failed", async () => {
  const { groq } = groqAtRest();
  const { status, body } = await complete(groq, { tools, tool_choice: 'required', max_tokens: 2 });
  expect([status, body.error.code, body.error.failed_generation]).toEqual([
    400,
    'tool_use_failed',
    expect.stringMatching(/^\{"nam.{0,3}$/),
  ]);
});

test('ends before a stop sequence', async () => {
  const { groq } = groqAtRest();
  const text = async (more: object) => (await complete(groq, more)).body.choices[0].message.content;
  const whole: string = await text({});
  expect(await text({ stop: ['absent', ' '] })).toBe(whole.split(' ')[0]);
});
