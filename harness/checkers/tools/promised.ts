import { entryOf } from '../../base/entry-of.ts';
import type { Tool } from '../../contract/schema/tools.ts';
import type { Facts } from '../lib/checker.ts';

/** Why a contract may promise nothing about tools. */
export const NO_TOOLS = 'no endpoint lets a model call tools (endpoints.NAME.tools)';

/** Returns the tools that an endpoint offers to a model. */
export const toolsOf = ({ contract: { endpoints, tools = {} } }: Facts, endpoint: string): string[] =>
  (entryOf(endpoints, endpoint)?.tools ?? []).filter((name) => Object.hasOwn(tools, name));

const UNKNOWN: Tool = { arguments: {}, atLeastOnce: false, outOfOrder: 'once' };

/** Returns a tool of the contract. */
export const toolOf = ({ contract: { tools = {} } }: Facts, name: string): Tool => entryOf(tools, name) ?? UNKNOWN;
