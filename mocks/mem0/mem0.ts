import type { Upstream } from '../upstream.ts';
import { addMemories } from './add-memories.ts';
import { mem0Error, mem0UnknownPath } from './errors.ts';
import { MemoryStore } from './memory-store.ts';
import { ping } from './ping.ts';
import { searchMemories } from './search-memories.ts';

/** A fake of api.mem0.ai, which remembers for as long as it lives. `now` is the clock in epoch milliseconds. */
export function createMem0({ now = Date.now }: { now?: () => number } = {}): Upstream {
  const store = new MemoryStore(now);
  return {
    name: 'mem0',
    handlers: [addMemories(store), searchMemories(store), ping],
    errorResponse: (status) => mem0Error(status),
    unknownPath: mem0UnknownPath,
  };
}
