import type { Provider } from '../../faults/fakes/provider.ts';
import { mem0Settings } from './settings.ts';

/** Mem0's memory API. The fake generates no texts, so it needs no seed. */
export const mem0: Provider<typeof mem0Settings> = {
  origin: 'https://api.mem0.ai',
  settings: mem0Settings,
  create: async ({ settings }) => (await import('./mem0.ts')).createMem0(settings),
  usage: { setting: 'MEM0_BASE_URL', keySetting: 'MEM0_API_KEY', packages: ['mem0ai'] },
};
