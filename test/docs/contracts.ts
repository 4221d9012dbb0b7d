/** Contracts that promise everything between them. The first one that a scenario can judge describes it. */
export const CONTRACTS = [
  'service/proofload.config.ts',
  'test/defects/upstreams/assistant.ts',
  'test/defects/upstreams/switchboard.ts',
  'test/defects/upstreams/router.ts',
  'test/defects/ends/lame-duck.ts',
  'test/defects/limits/in-progress.ts',
  'test/defects/limits/token-bucket.ts',
  'test/defects/limits/weighted.ts',
];
