import { expect, test } from 'vitest';
import { ALONE_MS } from '../support/limits.ts';
import { notPassed } from '../support/not-passed.ts';
import { decidedFor } from './judged.ts';

const statusesIn = (observed = '') => observed.match(/\d+ \((?:[^)]+)\)/g) ?? [];

test.concurrent.each(['graphql', 'json-rpc', 'mcp'])(
  'a right service with errors in its bodies passes: %s',
  async (form) => {
    const { findings } = await decidedFor(`test/defects/answers/${form}.ts`, 'stress/requests-in-progress');
    expect(notPassed(findings.values())).toEqual([]);
    const { observed } = findings.get('allows exactly N requests in progress: at once: report') ?? {};
    expect(statusesIn(observed)).toEqual([expect.stringContaining('429 (200 with ')]);
  },
  ALONE_MS,
);
