import { isDeepStrictEqual } from 'node:util';
import type { Express } from 'express';
import { z } from 'zod';
import { parseFields } from '../../faults/base/parse-fields.ts';
import { Refusal } from '../../faults/base/refusal.ts';
import { documentation, guarded, mountOperations } from '../../faults/control/fakes-api.ts';
import { guard, inHeader } from '../../faults/control/guard.ts';
import type { Operation } from '../../faults/control/operation.ts';
import { ProofloadError } from '../base/errors.ts';
import type { Contract } from '../contract/contract.ts';
import { phaseData, phaseShapeOf } from '../contract/phase-shape.ts';
import type { PhaseData } from '../contract/phases.ts';
import { Signals } from '../process/signals.ts';
import { credentialOperations } from './credential-operations.ts';
import { crowdOperations } from './crowd-operations.ts';
import { faultControl, receiptControl } from './fault-control.ts';
import { readerOperations } from './reader-operations.ts';
import type { ScenarioLab } from './scenario-lab.ts';
import { freezeOperations, restartOperation } from './service-operations.ts';
import { toolOperations } from './tool-operations.ts';

const start = {
  about: z.string().describe('a string'),
  settings: z.record(z.string(), z.string().nullable()).describe('settings by name; null removes a setting'),
};
const wait = { timeoutMs: z.coerce.number().positive().max(300_000).describe('milliseconds, at most 300000') };

/**
 * Creates the lab's control API, which scripts call over HTTP on loopback. It sets and heals upstream and database
 * faults, reads receipts, starts phases, tries to start the service with other settings, and passes signals between
 * VUs.
 *
 * @param token The token that requests must contain as `Authorization: Bearer …`.
 */
export function controlApi(lab: ScenarioLab, token: string): Express {
  const url = () => lab.urls[0] ?? lab.service.url;
  const operations: Operation[] = [
    ...faultControl(lab),
    ...receiptControl(lab),
    ...labOperations(lab),
    ...credentialOperations(lab),
    ...readerOperations(() => lab.service, url),
    ...crowdOperations(url),
    ...toolOperations(lab),
    ...signalOperations(new Signals()),
    documentation(() => operations),
  ];
  return guarded(guard(token, inHeader), mountOperations(operations.map(blamingCaller)));
}

/** Returns an operation that refuses a call that needs something that this lab does not have, such as a ledger. */
const blamingCaller = (operation: Operation): Operation => ({
  ...operation,
  prepare(call) {
    const act = operation.prepare(call);
    return async (response) => {
      try {
        return await act(response);
      } catch (error) {
        if (!(error instanceof ProofloadError) || error.code !== 'LAB_REQUEST_INVALID') throw error;
        throw new Refusal('impossible', error.message);
      }
    };
  },
});

const labOperations = (lab: ScenarioLab): Operation[] => [
  {
    method: 'post',
    path: '/phase',
    does: 'begins a phase, which lasts until the next one; returns its ID',
    body: phaseData,
    prepare({ body }) {
      const data = parseFields(phaseShapeOf(body), body, 'phase') as PhaseData;
      return () => lab.beginPhase(data);
    },
  },
  {
    method: 'get',
    path: '/phase',
    does: 'returns the ID of the current phase',
    prepare: () => () => lab.currentPhase,
  },
  restartOperation((signal) => lab.restart(signal)),
  ...freezeOperations(lab),
  {
    method: 'post',
    path: '/ledger',
    does: "records the contents of the contract's ledger in the history; returns the number of keys",
    prepare: () => () => lab.readLedger(),
  },
  {
    method: 'get',
    path: '/budgets/:name/count',
    does: "returns the result of the query in the budget's count",
    prepare: ({ params }) => {
      return () => lab.budgetCount(params.name ?? '');
    },
  },
  {
    method: 'get',
    path: '/day',
    does: 'returns when the day of the service ends, if settings move it (${day.offset}, ${day.ends})',
    prepare: () => async () => ({ endsAt: lab.dayEndsAt }),
  },
  {
    method: 'get',
    path: '/connections',
    does: "returns the latest sample of the service's database connections",
    prepare: () => () => lab.connections ?? null,
  },
  {
    method: 'post',
    path: '/starts',
    does: 'tries to start a second service with changed settings; only settings that the contract lists are allowed',
    body: z.strictObject(start),
    prepare({ body }) {
      const { about, settings } = parseFields(start, body, 'start');
      if (!isListed(lab.contract, settings)) throw unlisted(settings);
      return () => lab.attemptStart(about, settings);
    },
  },
];

const unlisted = (settings: StartSettings): Refusal => {
  const allowed = 'the settings of one of the refusedStarts of the contract, or one value of its secret';
  return new Refusal(
    'unlisted-start',
    `the contract lists no start with ${JSON.stringify(settings)}; allowed: ${allowed}`,
  );
};

const signalOperations = (signals: Signals): Operation[] => [
  {
    method: 'post',
    path: '/signals/:name',
    does: 'sets a signal permanently; everyone who waits for it continues',
    prepare: ({ params }) => {
      return () => {
        signals.give(params.name ?? '');
        return { given: true };
      };
    },
  },
  {
    method: 'get',
    path: '/signals/:name',
    does: 'waits for a signal; returns whether it was set in time',
    query: wait,
    prepare({ params, query }) {
      const { timeoutMs } = parseFields(wait, query, 'signals');
      return async () => ({ given: await signals.wait(params.name ?? '', timeoutMs) });
    },
  },
];

/** The settings to change when trying to start the service. null removes a setting. */
type StartSettings = Readonly<Record<string, string | null>>;

/**
 * Whether a contract allows a start with these settings: unchanged, with a listed value for its secret, or as one of
 * its refused starts. Other settings are not allowed, because a setting such as NODE_OPTIONS could execute arbitrary
 * code.
 */
function isListed(
  { secret, refusedStarts = {} }: Pick<Contract, 'secret' | 'refusedStarts'>,
  settings: StartSettings,
): boolean {
  const values = secret ? Object.values({ ...secret.weak, ...secret.strong }) : [];
  const listed: StartSettings[] = [
    {},
    ...values.map((value) => ({ [secret?.setting ?? '']: value })),
    ...Object.values(refusedStarts).map((start) => start.settings),
  ];
  return listed.some((allowed) => isDeepStrictEqual(allowed, settings));
}
