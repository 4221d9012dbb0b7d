import type { Server } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Bench } from './bench.ts';
import { Signals } from './signals.ts';

const phase = z.strictObject({ name: z.string().min(1) });
const certificate = z.strictObject({ kind: z.string() });
const slots = z.strictObject({ leave: z.int().nonnegative() });
const start = z.strictObject({ about: z.string(), settings: z.record(z.string(), z.string().nullable()) });
const wait = z.strictObject({ timeoutMs: z.coerce.number().positive().max(300_000) });

/**
 * What a script can ask of the lab while it runs, as HTTP on loopback: begin a phase, set and heal faults, swap
 * certificates, lock the table, take slots, try a start, and give signals between VUs.
 */
export function controlApi(bench: Bench): express.Express {
  const signals = new Signals();
  const api = express();
  api.use(express.json());
  api.post('/phase', async ({ body }, response) => {
    await bench.beginPhase(phase.parse(body).name);
    response.sendStatus(204);
  });
  api.post('/faults/:upstream', async ({ params, body }, response) => {
    response.status(201).json(await bench.addFault(params.upstream, z.record(z.string(), z.unknown()).parse(body)));
  });
  api.delete('/faults/:upstream', async ({ params }, response) => {
    await bench.heal(params.upstream);
    response.sendStatus(204);
  });
  api.put('/certificates/:upstream', async ({ params, body }, response) => {
    await bench.useCertificate(params.upstream, certificate.parse(body).kind);
    response.sendStatus(204);
  });
  api.get('/arrivals/:upstream', async ({ params }, response) => {
    response.json(await bench.arrivals(params.upstream));
  });
  api.post('/table-lock', async (_, response) => {
    await bench.lockTable();
    response.sendStatus(204);
  });
  api.delete('/table-lock', async (_, response) => {
    await bench.unlockTable();
    response.sendStatus(204);
  });
  api.post('/slots', async ({ body }, response) => {
    response.status(201).json({ taken: await bench.takeSlots(slots.parse(body).leave) });
  });
  api.delete('/slots', async (_, response) => {
    await bench.giveSlotsBack();
    response.sendStatus(204);
  });
  api.get('/connections', (_, response) => {
    response.json(bench.connections ?? null);
  });
  api.delete('/backends', async (_, response) => {
    response.json({ terminated: await bench.terminateBackends() });
  });
  api.post('/starts', async ({ body }, response) => {
    const { about, settings } = start.parse(body);
    response.json(await bench.attemptStart(about, settings));
  });
  api.post('/signals/:name', ({ params }, response) => {
    signals.give(params.name);
    response.sendStatus(204);
  });
  api.get('/signals/:name', async ({ params, query }, response) => {
    response.json({ given: await signals.wait(params.name, wait.parse(query).timeoutMs) });
  });
  api.use(refuse);
  return api;
}

const refuse: ErrorRequestHandler = (error, request, response, _next) => {
  const message = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
  response.status(400).json({ error: { code: 'LAB_REQUEST_INVALID', message: `${request.path}: ${message}` } });
};

/** Listens on a free port of loopback. */
export async function listen(app: express.Express): Promise<{ url: string } & AsyncDisposable> {
  const server = await new Promise<Server>((resolve, reject) => {
    const starting: Server = app.listen(0, '127.0.0.1', (error) => (error ? reject(error) : resolve(starting)));
  });
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
