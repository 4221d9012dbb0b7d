import { z } from 'zod';
import { parseFields } from '../../faults/base/parse-fields.ts';
import { Refusal } from '../../faults/base/refusal.ts';
import type { Operation } from '../../faults/control/operation.ts';
import { credentialsOf } from '../contract/credentials.ts';
import { keySettingOf } from '../contract/schema/authentication.ts';
import type { ScenarioLab } from './scenario-lab.ts';
import { FLAWS } from './tokens/flaws.ts';

const token = {
  user: z.string().describe('the subject'),
  flaw: z
    .enum(FLAWS)
    .optional()
    .describe(`what is wrong with it: ${FLAWS.join(', ')}`),
};

/** Creates the operations that give callers what they authenticate with: tokens that the lab signs, or keys. */
export const credentialOperations = (lab: Pick<ScenarioLab, 'contract' | 'environment' | 'token'>): Operation[] => [
  {
    method: 'post',
    path: '/tokens',
    does: 'returns a token that the lab signs for a user; a flaw makes it invalid',
    body: z.strictObject(token),
    prepare({ body }) {
      const { user, flaw } = parseFields(token, body, 'token');
      return async () => ({ token: await lab.token(user, flaw) });
    },
  },
  {
    method: 'get',
    path: '/credentials',
    does: 'returns the keys, tokens or passwords that the service accepts, or the key with which callers sign tokens',
    prepare() {
      const { authentication } = lab.contract;
      if (keySettingOf(authentication) === undefined) throw withoutKeys(authentication?.kind);
      return () => ({ kind: authentication?.kind, credentials: credentialsOf(authentication, lab.environment) });
    },
  },
];

function withoutKeys(kind: string | undefined): Refusal {
  const why = kind
    ? `has authentication of kind ${kind}, whose tokens come from POST /tokens`
    : 'has no authentication';
  return new Refusal('no-credentials', `the contract ${why}; allowed: an authentication with keySetting`, 404);
}
