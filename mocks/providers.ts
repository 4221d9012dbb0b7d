import type { Providers } from '../faults/fakes/provider.ts';
import { anthropic } from './anthropic/provider.ts';
import { groq } from './groq/provider.ts';
import { mem0 } from './mem0/provider.ts';
import { openai } from './openai/provider.ts';

/** Every provider that has a fake. The order decides the ports in a container: add a new one at the end. */
export const providers = { groq, mem0, openai, anthropic } satisfies Providers;
