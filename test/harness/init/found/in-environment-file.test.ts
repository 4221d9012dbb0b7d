import { expect, test } from 'vitest';
import { answersInEnvironment } from '../../../../harness/init/found/in-environment-file.ts';

const from = '.env.example';

test('the variables of the port, the database and the secret key are found', () => {
  const text = 'DEBUG_PORT=1\nPORT=8000\nDB=postgresql://u:p@db/app # the database\nSECRET_KEY=change-me';
  expect(answersInEnvironment(text, from)).toEqual({
    portSetting: { answer: 'PORT', from },
    databaseSetting: { answer: 'DB', from },
    secretSetting: { answer: 'SECRET_KEY', from, isGuess: true },
  });
});

test('an upstream is found by its address, whatever the variable is called, and by its API key', () => {
  const text = 'LLM_URL=https://api.openai.com/v1\nOPENAI_API_KEY=\nGROQ_API_KEY=';
  expect(answersInEnvironment(text, from)).toMatchObject({
    upstreams: { answer: 'groq openai', from },
    'openai.setting': { answer: 'LLM_URL=https://api.openai.com/v1' },
    'openai.key': { answer: 'OPENAI_API_KEY' },
    'groq.key': { answer: 'GROQ_API_KEY' },
  });
});

test('the port of something else is only suggested', () => {
  expect(answersInEnvironment('REDIS_PORT=6379', from)).toMatchObject({
    portSetting: { answer: 'REDIS_PORT', isGuess: true },
  });
});

test('without the URL of a database, none is only suggested', () => {
  expect(answersInEnvironment('A=1', from)).toEqual({ databaseSetting: { answer: 'none', from, isGuess: true } });
});
