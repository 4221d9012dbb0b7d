import type { Database, PoolStats } from '../../../service/storage/pool.ts';

/**
 * A database without events: lookups find none, and claims return a pending event. Other queries return the given rows.
 * All statements are recorded.
 */
export class FakeDatabase implements Database {
  readonly statements: string[] = [];
  rows: object[] = [
    {
      event_id: 'e-1',
      conversation_id: 'c-1',
      user_id: 'ada',
      status: 'complete',
      analysis: 'Ada likes to swim.',
      memory_event_id: 'm-1',
      created_at: '2026-01-01T00:00:00.000Z',
    },
  ];
  failure: Error | undefined;

  async query<Row>(statement: string): Promise<Row[]> {
    this.statements.push(statement);
    if (this.failure) throw this.failure;
    if (statement.includes('AS same')) return [];
    return (statement.startsWith('INSERT') ? this.rows.map(asClaim) : this.rows) as Row[];
  }

  stats(): PoolStats {
    return { in_use: 1, idle: 2, waiting: 3, max: 10 };
  }

  async close(): Promise<void> {}
}

/** Converts a row to a claimed event. */
const asClaim = (row: object) => ({
  ...row,
  status: 'pending',
  analysis: null,
  memory_event_id: null,
  messages: [{ role: 'user', content: 'I like to swim.' }],
  attempts: 1,
});
