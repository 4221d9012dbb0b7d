import { expect, test } from 'vitest';
import { answersInVariables, variablesIn } from '../../../../harness/init/found/in-environment-file.ts';

const answersIn = (text: string, documents: string[] = []) =>
  answersInVariables(variablesIn(text, '.env.example'), { documents });

test('variables have their values and lines', () => {
  const text = '# first\nA=1 # one\nexport B="x # y"\n\nC=\nnot a variable';
  expect(variablesIn(text, '.env')).toEqual([
    { name: 'A', value: '1', from: '.env:2' },
    { name: 'B', value: 'x # y', from: '.env:3' },
    { name: 'C', value: '', from: '.env:5' },
  ]);
});

test('the variables of the port, the database and a secret key are found', () => {
  const text = 'DEBUG_PORT=1\nPORT=8000\nDB=postgresql://u:p@db/app # the database\nJWT_SECRET=change-me';
  expect(answersIn(text)).toEqual({
    portSetting: { answer: 'PORT', from: '.env.example:2' },
    databaseSetting: { answer: 'DB', from: '.env.example:3' },
    secretSetting: { answer: 'JWT_SECRET', from: '.env.example:4' },
  });
});

test('an upstream is found by its address, whatever the variable is called, and by its API key', () => {
  const text = 'LLM_URL=https://api.openai.com/v1\nOPENAI_API_KEY=\nGROQ_API_KEY=';
  expect(answersIn(text)).toMatchObject({
    upstreams: { answer: 'groq openai', from: '.env.example:3, .env.example:1' },
    'openai.setting': { answer: 'LLM_URL=https://api.openai.com/v1', from: '.env.example:1' },
    'openai.key': { answer: 'OPENAI_API_KEY', from: '.env.example:2' },
    'groq.key': { answer: 'GROQ_API_KEY' },
  });
});

test('an unknown API is an upstream with a stand-in, or with the document in the folder that describes it', () => {
  const text = 'PAYMENTS_API_URL=https://pay.example/v2?x=1\nPAYMENTS_TOKEN=\nPUBLIC_URL=https://us.example';
  expect(answersIn(text)).toMatchObject({
    upstreams: { answer: 'payments=./mocks/payments.yaml', from: '.env.example:1' },
    'payments.setting': { answer: 'PAYMENTS_API_URL=https://pay.example/v2' },
    'payments.key': { answer: 'PAYMENTS_TOKEN' },
  });
  expect(answersIn(text, ['docs/payments-openapi.yaml']).upstreams?.answer).toBe(
    'payments=./docs/payments-openapi.yaml',
  );
});

test('nothing is found for what is not there', () => {
  expect(answersIn('A=1\nREDIS_PORT=6379')).toEqual({});
});

test('variables without a default in the code are set as in the example, and secrets to values of the lab', () => {
  const text = 'PORT=1\nREGION=eu\nSIGNING_SECRET=\nSESSION_SECRET=\nSTRIPE_KEY=\nLEVEL=info\nOPTIONAL=\n';
  const variables = variablesIn(text, '.env.example');
  const bare = variables.filter(({ name }) => name !== 'LEVEL');
  expect(answersInVariables(variables, { bare })).toMatchObject({
    secretSetting: { answer: 'SIGNING_SECRET' },
    settings: { answer: 'REGION=eu SESSION_SECRET=${secret} STRIPE_KEY=example-key' },
  });
});
