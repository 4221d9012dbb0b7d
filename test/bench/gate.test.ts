import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { EXIT } from '../../harness/base/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

test.each([
  [{ MINUTES: '0' }, EXIT.inconclusive, /no gate was measured in MINUTES=0\n$/],
  [{ MINUTES: 'all' }, EXIT.usage, /^MINUTES=all: allowed: /],
  [{ BUILD: 'fast' }, EXIT.usage, /^BUILD=fast is unknown; allowed: equal, /],
  [{ BUILD: '5 % slower' }, EXIT.usage, /slow builds need the figures of equal ones: run BUILD=equal first\n$/],
])('%o measures no gate, and says why', async (settings, code, text) => {
  const env = { ...process.env, RESULTS: await temporaryFolder(), ...settings };
  const ended = await run(process.execPath, ['bench/gate.ts'], { env }).catch((error) => error);
  expect(ended).toMatchObject({ code });
  expect(`${ended.stdout}${ended.stderr}`).toMatch(text);
});
