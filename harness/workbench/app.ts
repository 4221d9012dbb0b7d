import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { Refusal } from '../../faults/base/refusal.ts';
import { mountOperations, tellError } from '../../faults/control/fakes-api.ts';
import { guard, inPath } from '../../faults/control/guard.ts';
import { faultControl } from '../lab/fault-control.ts';
import type { ScenarioLab } from '../lab/scenario-lab.ts';
import type { Broadcast } from './broadcast.ts';
import type { ListedScenario } from './listed-scenario.ts';
import { workbenchOperations } from './operations.ts';
import type { Workbench } from './workbench.ts';

export interface LabServed {
  workbench: Workbench;
  broadcast: Broadcast;
  scenarios: readonly ListedScenario[];
  /** The page's HTML. */
  page: string;
  token: string;
}

/**
 * Serves the page and everything that it requests below `/<token>/`: events, operations, and the reports of past runs.
 */
export function labApp({ workbench, broadcast, scenarios, page, token }: LabServed): Express {
  const own = express.Router();
  own.get('/', (request, response) => {
    // The page uses relative URLs.
    if (!request.originalUrl.split('?', 1)[0]?.endsWith('/')) response.redirect(308, `/${token}/`);
    else response.type('html').set('cache-control', 'no-store').send(page);
  });
  own.get('/events', (_request, response) => broadcast.join(response));
  own.use('/runs/:number', (request, response, next) => {
    const found = workbench.runs.find(({ number }) => String(number) === request.params.number);
    if (found) express.static(found.run.folder, { index: false })(request, response, next);
    else next();
  });
  own.use('/api', operations(workbench, scenarios));
  // The pages contain their own policies with the hashes of their scripts.
  const headers = helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  const app = express().disable('x-powered-by').disable('etag');
  app.use(headers, guard(token, inPath));
  app.use(`/${token}`, own);
  app.use((request) => {
    throw new Refusal('unknown-route', `there is nothing at ${request.method} ${request.path}`, 404);
  });
  return app.use(tellError);
}

/**
 * Routes requests to operations. The operations for faults depend on the current environment, which is replaced for
 * each scenario.
 */
function operations(workbench: Workbench, scenarios: readonly ListedScenario[]): RequestHandler {
  const always = workbenchOperations(workbench, scenarios);
  const apps = new WeakMap<ScenarioLab, Express>();
  const without = mountOperations(always);
  return (request, response, next) => {
    const { bench } = workbench;
    if (!bench) {
      if (/^\/(upstreams|faults)/.test(request.path)) throw workbench.busy;
      return without(request, response, next);
    }
    const app = apps.get(bench) ?? mountOperations([...faultControl(bench), ...always]);
    apps.set(bench, app);
    app(request, response, next);
  };
}
