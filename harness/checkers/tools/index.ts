import type { Family } from '../lib/family.ts';
import { brokenToolCallsDoNothing } from './broken-tool-calls-do-nothing.ts';
import { brokenToolCallsTold } from './broken-tool-calls-told.ts';
import { failedToolsActOnce } from './failed-tools-act-once.ts';
import { failedToolsEndAlike } from './failed-tools-end-alike.ts';
import { TOOL_MUTANTS } from './mutants.ts';
import { parallelToolCallsApart } from './parallel-tool-calls-apart.ts';
import { toolLoopsEnd } from './tool-loops-end.ts';
import { toolsAct } from './tools-act.ts';

export const TOOLS: Family = {
  title: 'Tools of models',
  checkers: [
    toolsAct,
    parallelToolCallsApart,
    brokenToolCallsDoNothing,
    brokenToolCallsTold,
    failedToolsActOnce,
    failedToolsEndAlike,
    toolLoopsEnd,
  ],
  mutants: TOOL_MUTANTS,
};
