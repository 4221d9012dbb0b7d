import type { Providers } from '../faults/fakes/provider.ts';
import { anthropic } from './anthropic/provider.ts';
import { groq } from './groq/provider.ts';
import { mem0 } from './mem0/provider.ts';
import { openai } from './openai/provider.ts';

/** All providers that have a fake. The order determines the ports in a container, so add new ones at the end. */
export const providers = { groq, mem0, openai, anthropic } satisfies Providers;
