import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HandlersProcess } from '../../../../faults/sources/handlers/handlers-process.ts';
import { TOKEN } from '../../../../faults/sources/handlers/protocol.ts';
import { folderWith } from './handler-files.ts';

test('only its parent can ask it, and handlers do not see the token', async () => {
  await using files = await folderWith({
    'handlers.ts': `import { http, HttpResponse } from 'msw';
      let asked = 0;
      export const handlers = [http.get('*/seen', ({ request }) =>
        HttpResponse.json({ asked: ++asked, headers: [...request.headers.keys()] }))];`,
  });
  await using child = await HandlersProcess.start([join(files.folder, 'handlers.ts')], files.folder);
  const ask = (headers: Record<string, string>) => fetch(`${child.address}/seen`, { headers });
  expect((await ask({})).status).toBe(403);
  expect((await ask({ [TOKEN]: `${child.token}x` })).status).toBe(403);
  const answer = (await (await ask({ [TOKEN]: child.token })).json()) as { asked: number; headers: string[] };
  expect(answer.asked).toBe(1);
  expect(answer.headers).not.toContain(TOKEN);
});
