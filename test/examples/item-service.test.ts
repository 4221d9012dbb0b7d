import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { decidedRun } from '../support/command-line.ts';
import { ALONE_MS } from '../support/limits.ts';

const FOLDER = resolve('examples/item-service');

test(
  'the service in the README passes the scenarios that its contract allows',
  async () => {
    const { code, text } = await decidedRun(
      ['run', 'stress/smoke', 'stress/rate-limits'],
      { CONTRACT: 'proofload.yaml' },
      FOLDER,
    );
    expect(text).toMatch(/^PASS: 2 of 2 scenarios/m);
    expect(code).toBe(0);
  },
  ALONE_MS,
);
