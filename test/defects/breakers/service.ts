/**
 * The reference service with other kinds of breakers, for the contracts in this folder. The argument is the name of
 * correct breakers or of a defect.
 */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { PlainBreaker } from '../plain-breaker.ts';
import {
  CountedBreaker,
  OpossumBreaker,
  runWithBreakers,
  TimedBreaker,
  WINDOW_MS,
  WindowedBreaker,
} from './rated-breaker.ts';
import {
  AboveRetries,
  BeneathRetries,
  BlindToRetries,
  RetriesThroughBreaker,
  RetriesWhileOpen,
} from './retrying-breaker.ts';
import { PatientBreaker, TrialsBreaker, TwoTrialsBreaker } from './trials-breaker.ts';
import { RefusingBreaker, SlowBreaker, WaitingBreaker } from './waiting-breaker.ts';

type Kinds = [llm: typeof PlainBreaker, memory: typeof PlainBreaker];

const SOUND: Readonly<Record<string, Kinds>> = {
  /** opossum for the LLM, and a count-based window for the memory API. */
  rated: [OpossumBreaker, CountedBreaker],
  windowed: [WindowedBreaker, PlainBreaker],
  trials: [TrialsBreaker, TwoTrialsBreaker],
  patient: [PatientBreaker, PatientBreaker],
  waiting: [WaitingBreaker, WaitingBreaker],
  'above-retries': [AboveRetries, PlainBreaker],
  'beneath-retries': [BeneathRetries, PlainBreaker],
};

const llmIs = (Breaker: typeof PlainBreaker): Kinds => [Breaker, CountedBreaker];
const memoryIs = (Breaker: typeof PlainBreaker): Kinds => [TimedBreaker, Breaker];

const DEFECTS: Readonly<Record<string, Kinds>> = {
  /** Failures that have left the time window still count. */
  'rate-counts-old-failures': llmIs(
    class extends TimedBreaker {
      protected override window() {
        const inTime = super.window();
        return this.outcomes.filter((outcome) => outcome.isFailure || inTime.includes(outcome));
      }
    },
  ),
  'window-of-time-too-long': llmIs(
    class extends TimedBreaker {
      protected override window() {
        return this.outcomes.filter(({ at }) => at > Date.now() - 2 * WINDOW_MS);
      }
    },
  ),
  'opens-at-the-rate-instead-of-above': llmIs(
    class extends TimedBreaker {
      protected override isOver(failures: number, calls: number) {
        return super.isOver(failures + 0.001, calls);
      }
    },
  ),
  'rate-opens-one-failure-late': llmIs(
    class extends TimedBreaker {
      protected override isOver(failures: number, calls: number) {
        // Without a success in the window, the minimum decides.
        return super.isOver(failures < calls ? failures - 1 : failures, calls);
      }
    },
  ),
  'minimum-of-calls-one-too-many': llmIs(
    class extends TimedBreaker {
      protected override isOver(failures: number, calls: number) {
        return failures === calls ? super.isOver(failures - 1, calls - 1) : super.isOver(failures, calls);
      }
    },
  ),
  'window-of-calls-keeps-failures': memoryIs(
    class extends CountedBreaker {
      protected override window() {
        const latest = super.window();
        return this.outcomes.filter((outcome) => outcome.isFailure || latest.includes(outcome));
      }
    },
  ),
  'closing-does-not-empty-the-window': memoryIs(
    class extends CountedBreaker {
      protected override succeeded(began: BreakerState) {
        const kept = this.outcomes;
        super.succeeded(began);
        if (began === 'half_open') this.outcomes = kept;
      }
    },
  ),
  'one-trial-too-many': [
    class extends TrialsBreaker {
      protected override readonly most = 4;
      protected override readonly toClose = 3;
    },
    TwoTrialsBreaker,
  ],
  'one-trial-closes': [
    TrialsBreaker,
    class extends TwoTrialsBreaker {
      protected override readonly toClose = 1;
    },
  ],
  'callers-refused-during-a-trial': [PlainBreaker, WaitingBreaker],
  'waiting-callers-refused-after-a-good-trial': [RefusingBreaker, WaitingBreaker],
  'waiting-callers-refused-late': [SlowBreaker, WaitingBreaker],
  'repeated-failures-not-counted': [BlindToRetries, PlainBreaker],
  'failures-that-are-all-repeated-not-counted': [BlindToRetries, PlainBreaker],
  'never-opens-with-retries': [BlindToRetries, PlainBreaker],
  'opens-early-with-retries': [
    class extends BeneathRetries {
      protected override failed(began: BreakerState) {
        if (began === 'closed') this.failures += 2;
        super.failed(began);
      }
    },
    PlainBreaker,
  ],
  'reopens-for-half-as-long-with-retries': [
    class extends BeneathRetries {
      protected override failed(began: BreakerState) {
        super.failed(began);
        if (began === 'half_open') this.openedAt -= this.settings.recoveryTimeoutMs / 2;
      }
    },
    PlainBreaker,
  ],
  'retries-go-through-the-open-breaker': [RetriesThroughBreaker, PlainBreaker],
  'calls-counted-instead-of-attempts': [AboveRetries, PlainBreaker],
  'open-breaker-asked-again': [RetriesWhileOpen, PlainBreaker],
  'opens-after-6-with-retries': [
    class extends AboveRetries {
      protected override failed(began: BreakerState) {
        if (began === 'closed' && this.failures === 0) this.failures -= 1;
        super.failed(began);
      }
    },
    PlainBreaker,
  ],
  'success-empties-the-window': [
    class extends WindowedBreaker {
      protected override note(isFailure: boolean) {
        if (!isFailure) this.outcomes = [];
        super.note(isFailure);
      }
    },
    PlainBreaker,
  ],
  'failures-never-leave-the-window': [
    class extends WindowedBreaker {
      protected override window() {
        return this.outcomes;
      }
    },
    PlainBreaker,
  ],
  'window-needs-one-failure-more': [
    class extends WindowedBreaker {
      protected override readonly needed = 4;
    },
    PlainBreaker,
  ],
  'all-trials-must-succeed': [
    class extends TrialsBreaker {
      protected override readonly toClose = 3;
    },
    TwoTrialsBreaker,
  ],
};

const [name = ''] = process.argv.slice(2);
const kinds = SOUND[name] ?? DEFECTS[name];
if (!kinds) throw new Error(`there is no service "${name}"`);
await runWithBreakers(...kinds);
