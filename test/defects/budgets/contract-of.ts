import type { ContractFile } from '../../../harness/contract/contract.ts';

type Budget = NonNullable<ContractFile['budgets']>[string];

/** What differs between the services with a budget. */
interface Different {
  readonly budget: Partial<Budget> & Pick<Budget, 'max'>;
  readonly settings?: Record<string, string>;
  readonly conditions?: ContractFile['conditions'];
}

/** Returns the contract for the gateway in budget-service.ts, whose budget is called `spent`. */
export const contractOf = ({ budget, settings = {}, conditions = {} }: Different): ContractFile => ({
  name: `gateway with a budget of ${budget.of ?? 'tokens'}`,
  start: { command: ['node', 'budget-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: { main: { kind: 'openai', tls: false }, backup: { kind: 'openai', tls: false } },
  environment: { PORT: '${port}', MAIN_URL: '${upstream.main}', BACKUP_URL: '${upstream.backup}', ...settings },
  endpoints: {
    ask: {
      method: 'POST',
      path: '/ask',
      body: { question: 'What is a proof load? ${unique}' },
      served: [200],
      reaches: ['main'],
      fallback: ['main', 'backup'],
    },
    chat: {
      method: 'POST',
      path: '/chat',
      body: { question: 'What is a proof load? ${unique}' },
      served: [200],
      reaches: ['main'],
      fallback: ['main', 'backup'],
      stream: { format: 'sse', end: '[DONE]' },
    },
    usage: { method: 'GET', path: '/usage', served: [200] },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  client: { header: 'x-team' },
  budgets: { spent: { of: 'tokens', ...budget } },
  conditions: { 'small-budgets': { MAX: String(budget.max) }, ...conditions },
  profiles: { fast: {} },
});
