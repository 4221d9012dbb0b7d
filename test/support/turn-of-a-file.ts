import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { beAlone, fileBegins, fileEnds } from './alone.ts';
import { ALONE_MS } from './limits.ts';
import { noteWhyAgain, watchBusyness } from './real-time.ts';

beforeAll(fileBegins, ALONE_MS);

// A test that depends on real time and has failed on a busy machine is measured again, alone.
beforeEach(async ({ task }) => {
  if (typeof task.retry !== 'object') return undefined;
  const end = task.result?.retryCount ? await beAlone() : undefined;
  watchBusyness(task);
  return end;
}, ALONE_MS);
afterEach(({ task }) => noteWhyAgain(task));

afterAll(fileEnds);
