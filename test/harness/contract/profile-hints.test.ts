import { expect, test } from 'vitest';
import { type Contract, contractSchema } from '../../../harness/contract/contract.ts';
import { profileHints } from '../../../harness/contract/profile-hints.ts';

const contractOf = (profile: object): Contract =>
  contractSchema.parse({
    name: 'a service',
    start: { command: ['node', 'main.js'], readyPath: '/', readySeconds: 5 },
    endpoints: {},
    profiles: { fast: profile },
  });

test('short times need no hint', () => {
  const contract = contractOf({
    limits: { ask: { max: 5, windowSeconds: 2 } },
    breakers: { llm: { threshold: 5, recoverySeconds: 10 } },
  });
  expect(profileHints(contract, 'fast')).toEqual([]);
});

test('names each long time, and a profile without settings', () => {
  const contract = contractOf({
    limits: { ask: { max: 20, windowSeconds: 60 } },
    breakers: { llm: { threshold: 5, recoverySeconds: 60 } },
  });
  expect(profileHints(contract, 'fast')).toEqual([
    'profiles.fast: each scenario waits for several windows or recovery timeouts ' +
      '(limits.ask.windowSeconds: 60, breakers.llm.recoverySeconds: 60). For short runs give the service shorter times ' +
      'in profiles.fast.environment, and the same numbers here. It has none now.',
  ]);
});

test('a profile with settings is told without the last sentence', () => {
  const contract = contractOf({ environment: { LIMIT: '1' }, limits: { ask: { max: 20, windowSeconds: 60 } } });
  expect(profileHints(contract, 'fast')[0]).toMatch(/the same numbers here\.$/);
});

test('names a quota with a long window, and quotas of a fake that nobody promises to keep', () => {
  const hintFor = (llm: object) =>
    profileHints(
      { ...contractOf({}), upstreams: contractSchema.parse({ ...contractOf({}), upstreams: { llm } }).upstreams },
      'fast',
    );
  const kind = { kind: 'groq', settings: { quotas: { rpm: 30, tpm: 6_000 } } };
  expect(hintFor(kind)).toEqual([
    'upstreams.llm.settings.quotas: llm has quotas, and the contract does not promise that the service keeps them. ' +
      'To require it: upstreams.llm.quota: {"requests":30,"tokens":6000,"per":"minute"}',
  ]);
  expect(hintFor({ ...kind, quota: { requests: 30, per: 10 } })).toEqual([]);
  expect(hintFor({ ...kind, quota: { requests: 30, per: 'minute' } })[0]).toMatch(
    /^upstreams\.llm\.quota: chaos\/quota waits/,
  );
  expect(hintFor({ kind: 'groq', settings: { quotas: { rpd: 9 } } })).toEqual([]);
});
