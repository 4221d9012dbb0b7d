import { z } from 'zod';
import { count } from '../base/in-words.ts';

const OUTCOMES = {
  caught: 'the check failed, as it must',
  missed: 'the mutant acted, but the check passed',
  undecided: 'the check could not decide',
  broken: 'the code of the mutant threw an error, which is a bug of proofload',
  impossible: 'the mutant had nothing to act on',
} as const;

const pair = z.object({
  checker: z.string(),
  mutant: z.string().describe('The name of the wire mutant.'),
  outcome: z.enum(Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[]).describe(
    Object.entries(OUTCOMES)
      .map(([name, meaning]) => `${name}: ${meaning}.`)
      .join(' '),
  ),
  scenario: z.string().exactOptional().describe('The scenario in which it was tried last.'),
  why: z.string().exactOptional().describe('The reason, unless it was caught.'),
});

/** The schema of `proved` in verdict.json. */
export const provedSchema = z.object({
  checkers: z.array(z.string()).describe('All checkers that judged the service.'),
  pairs: z.array(pair).describe('Each check with each wire mutant that must turn it red.'),
  unprovable: z
    .array(z.object({ checker: z.string(), why: z.string() }))
    .describe('Checkers that no wire mutant could turn red, with the reasons.'),
  seconds: z.number().nonnegative().describe('Total duration of all runs.'),
  stopped: z.string().exactOptional().describe('Why it was stopped early, if it was.'),
});

/** The schema of a promise's proof in verdict.json. */
export const promiseProof = z
  .object({
    checker: z.string(),
    mutant: z.string().describe('The wire mutant that turned the check red.'),
    scenario: z.string().describe('The scenario in which the check failed. The check judges the promise there.'),
    at: z.iso.datetime().describe('When `proofload prove` was started.'),
    commit: z.string().exactOptional().describe('The git commit of the working directory at that time.'),
    outdated: z.string().exactOptional().describe('Why the proof no longer counts.'),
  })
  .describe('The latest proof that a check of it notices a defect of this service.');

export type PromiseProof = z.output<typeof promiseProof>;

/** The result of `proofload prove`. */
export type Proved = z.output<typeof provedSchema>;
export type ProvedPair = Proved['pairs'][number];

/** Whether a pair shows neither that the check notices the mutant, nor that it can't be tried. */
export const isOpenPair = ({ outcome }: Pick<ProvedPair, 'outcome'>): boolean =>
  outcome !== 'caught' && outcome !== 'impossible';

/** Returns the checkers that failed because of at least one mutant, and passed in spite of none. */
export function provedCheckers({ checkers, pairs }: Pick<Proved, 'checkers' | 'pairs'>): string[] {
  const with_ = (outcome: ProvedPair['outcome']) =>
    new Set(pairs.filter((tried) => tried.outcome === outcome).map(({ checker }) => checker));
  const [caught, missed] = [with_('caught'), with_('missed')];
  return checkers.filter((checker) => caught.has(checker) && !missed.has(checker));
}

/**
 * Returns, for example, "12 of 14 checks proved on this service; 3 others have nothing to judge", and why it was stopped
 * early, if it was.
 */
export function provedIn(proved: Omit<Proved, 'seconds'>): string {
  const { checkers, unprovable, stopped } = proved;
  const others = unprovable.filter(({ checker }) => !checkers.includes(checker)).length;
  const idle = others > 0 ? `; ${count(others, 'other has', 'others have')} nothing to judge` : '';
  const early = stopped === undefined ? '' : ` (stopped early: ${stopped})`;
  return `${provedCheckers(proved).length} of ${count(checkers.length, 'check')} proved on this service${idle}${early}`;
}
