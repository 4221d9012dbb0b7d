import type { Contract } from '../contract.ts';
import { breakerRules } from './breakers.ts';
import { budgetRules } from './budgets.ts';
import { callerRules } from './callers.ts';
import { databaseRules } from './database.ts';
import { endpointRules } from './endpoints.ts';
import { nameRules } from './names.ts';
import { numberRules } from './numbers.ts';
import { placeholderRules } from './placeholders.ts';
import { proxyRules } from './proxy.ts';
import { requestRules } from './requests.ts';
import type { Problem, Rule } from './rule.ts';
import { scenarioRules } from './scenarios.ts';
import { toolRules } from './tools.ts';
import { upstreamRules } from './upstreams.ts';

/** The rules of contracts beyond their schema, by subject. */
const RULES: readonly Rule[] = [
  nameRules,
  requestRules,
  callerRules,
  placeholderRules,
  upstreamRules,
  databaseRules,
  proxyRules,
  endpointRules,
  breakerRules,
  budgetRules,
  numberRules,
  toolRules,
  scenarioRules,
].flat();

/**
 * Finds everything in a contract that breaks a rule.
 *
 * @param profile Set it if the service will be started. All variables that the contract refers to must then be set.
 */
export const findProblems = async (contract: Contract, profile?: string): Promise<Problem[]> =>
  (await Promise.all(RULES.map((find) => find(contract, profile)))).flat();
