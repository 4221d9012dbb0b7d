import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { settingsSchema } from '../../../service/config/settings.ts';

const example = parseEnv(readFileSync('.env.example', 'utf8'));

/** Settings without a default. */
const REQUIRED = {
  SECRET_KEY: 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p',
  DATABASE_URL: 'postgres://ada:hunter2@db/service',
  GROQ_API_KEY: 'gsk_hidden',
  MEM0_API_KEY: 'm0-hidden',
};

test('.env.example has every setting, and no other', () => {
  expect(Object.keys(example).toSorted()).toEqual([...Object.keys(settingsSchema.shape), 'SECRET_KEY'].toSorted());
});

test('.env.example has the defaults', () => {
  expect(loadConfiguration({ ...example, ...REQUIRED })).toEqual(loadConfiguration(REQUIRED));
});

test('.env.example leaves secrets empty, so that it is not used as it is', () => {
  expect([example.SECRET_KEY, example.GROQ_API_KEY, example.MEM0_API_KEY]).toEqual(['', '', '']);
  expect(() => loadConfiguration(example)).toThrow('SECRET_KEY must be changed in production!');
});
