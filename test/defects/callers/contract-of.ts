import type { ContractFile } from '../../../harness/contract/contract.ts';

interface Kind {
  /** The service's settings. */
  settings: Record<string, string>;
  authentication: NonNullable<ContractFile['authentication']>;
  client?: ContractFile['client'];
  /** The user for all endpoints, if the contract names one. */
  user?: string;
  /** Whether the callers are users who each have their own notes. */
  ofUsers?: true;
  /** The response status for a login, if there is one. */
  login?: number;
}

/** Returns the contract for the service in service.ts with one kind of caller. */
export function contractOf({ settings, authentication, client, user, ofUsers, login }: Kind): ContractFile {
  const authenticated = {
    authenticated: true,
    ...(user !== undefined && { user }),
    ...(ofUsers && { onlyOwn: true }),
  };
  const notes = ofUsers ? '/${user}/notes' : '/all/notes';
  return {
    name: 'notes',
    start: { command: ['node', 'service.ts'], readyPath: '/health', readySeconds: 20 },
    environment: { PORT: '${port}', ...settings },
    endpoints: {
      health: { method: 'GET', path: '/health', served: [200] },
      write: { method: 'POST', path: notes, body: { id: '${unique}' }, ...authenticated, served: [201] },
      read: { method: 'GET', path: `${notes}/\${unique}`, ...authenticated, served: [404] },
      ...(login !== undefined && {
        login: {
          method: 'POST',
          path: '/login',
          form: { user: '${user}', password: '${password}' },
          served: [login],
        },
      }),
      form: { method: 'POST', path: '/forms', form: { 'a name & more': 'n-${unique}' }, served: [200] },
      text: {
        method: 'PUT',
        path: '/texts',
        headers: { 'content-type': 'text/csv' },
        text: 'id\n${unique}\n',
        served: [200],
      },
      upload: {
        method: 'POST',
        path: '/uploads',
        file: { name: 'notes.csv', type: 'text/csv', path: 'notes.csv', fields: { by: 'ada' } },
        served: [200],
      },
      search: {
        method: 'GET',
        path: '/search',
        headers: { 'X-Word': 'open ${unique}' },
        query: { q: 'a & b' },
        served: [200],
      },
    },
    authentication,
    ...(client !== undefined && { client }),
    limiter: { retryAfter: true },
    profiles: {
      fast: { limits: { write: { max: 6, windowSeconds: 2 }, read: { max: 4, windowSeconds: 2 } } },
    },
  };
}
