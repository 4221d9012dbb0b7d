// One VU ends the test or fails to start, while the others would continue.
import { sleep } from 'k6';
import exec from 'k6/execution';
import type { Options } from 'k6/options';

if (__ENV.FAILS === String(__VU)) throw new Error('no such beginning');

export const options: Options = { vus: 4, duration: '20s' };

export default function (): void {
  sleep(0.2);
  if (exec.vu.idInTest === 3) exec.test.abort('enough');
}
