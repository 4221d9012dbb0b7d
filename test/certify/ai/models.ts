import { createGroq } from '@ai-sdk/groq';
import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModel } from 'ai';
import type { FakesUnderTest } from '../support/use-fakes.ts';

/** A model of the AI SDK, with the upstream that it calls. */
export interface ModelUnderTest {
  readonly name: string;
  readonly upstream: 'groq' | 'openai';
  readonly model: LanguageModel;
  /** Returns the same provider's model with another name. */
  named(id: string): LanguageModel;
}

/** Returns one model per provider and API. They use the providers' defaults except for the address. */
export function modelsOf(fakes: FakesUnderTest): ModelUnderTest[] {
  const groq = groqOf(fakes);
  const openai = openaiOf(fakes);
  return [
    { name: 'groq', upstream: 'groq', model: groq('openai/gpt-oss-20b'), named: groq },
    { name: 'openai.responses', upstream: 'openai', model: openai('gpt-5.6-luna'), named: openai },
    { name: 'openai.chat', upstream: 'openai', model: openai.chat('gpt-4.1'), named: openai.chat },
  ];
}

/** Returns the provider @ai-sdk/groq. */
const groqOf = ({ upstreams }: FakesUnderTest) =>
  createGroq({ apiKey: 'gsk_certify', baseURL: `${upstreams.groq}/openai/v1` });

/** Returns the provider @ai-sdk/openai. */
export const openaiOf = ({ upstreams }: FakesUnderTest) =>
  createOpenAI({ apiKey: 'sk-certify', baseURL: `${upstreams.openai}/v1` });
