import type { Undo } from '../kinds/lib/fault.ts';
import type { RequestReceipt } from '../receipts/receipt.ts';
import type { Recognizer } from './recognizer.ts';

/** How a call on a connection ended. */
export type CallOutcome = Extract<RequestReceipt['outcome'], 'answered' | 'client-gone' | 'reset'>;

interface BegunCall {
  readonly receipt: RequestReceipt;
  /** Undoes the faults that act on the call. It is called once. */
  readonly undo: Undo;
}

interface Call extends BegunCall {
  /** Whether its bytes have been passed to the server. Before that, bytes from the server belong to earlier calls. */
  isSent: boolean;
}

/** The first bytes of a TLS handshake: its type and the major version. */
const TLS_HANDSHAKE = Buffer.from([0x16, 0x03]);

/** Called when a call begins or ends, or when no calls can be seen. */
export interface CallHooks {
  begin(name: string): BegunCall;
  /** Calls `act` when the bytes of a call that has just begun are passed to the server. */
  whenSent(act: () => void): void;
  /** Is called again if the server sends more bytes. */
  end(receipt: RequestReceipt, outcome: CallOutcome): void;
  /** The client begins TLS. Calls inside it are not counted. */
  encrypted(): void;
}

/** The calls on a single connection. A call ends with the last bytes from the server before the next call. */
export class ConnectionCalls {
  readonly #recognizer: Recognizer;
  readonly #hooks: CallHooks;
  /** The pending calls, and the most recent ended calls, whose responses may continue. */
  #running: Call[] = [];
  #hasCalled = false;
  #isEncrypted = false;

  constructor(recognizer: Recognizer, hooks: CallHooks) {
    this.#recognizer = recognizer;
    this.#hooks = hooks;
  }

  accepted(): void {
    this.#begin(this.#recognizer.accepted?.() ?? []);
  }

  sent(bytes: Buffer): void {
    if (!this.#hasCalled && !this.#isEncrypted && bytes.subarray(0, TLS_HANDSHAKE.length).equals(TLS_HANDSHAKE)) {
      this.#isEncrypted = true;
      this.#hooks.encrypted();
    }
    if (!this.#isEncrypted) this.#begin(this.#recognizer.sent(bytes));
  }

  answered(): void {
    this.#recognizer.answered?.();
    this.#end(
      this.#running.filter(({ isSent }) => isSent),
      'answered',
    );
  }

  /** Ends the calls that are still running, because the client has closed the connection or a fault has reset it. */
  closed(outcome: 'client-gone' | 'reset'): void {
    this.#end(this.#open(), outcome);
    this.#running = [];
  }

  #begin(names: readonly string[]): void {
    if (names.length === 0) return;
    this.#hasCalled = true;
    this.#running = this.#open();
    for (const name of names) {
      const call: Call = { ...this.#hooks.begin(name), isSent: false };
      this.#running.push(call);
      this.#hooks.whenSent(() => {
        call.isSent = true;
      });
    }
  }

  #end(calls: readonly Call[], outcome: CallOutcome): void {
    const open = this.#open();
    for (const { receipt } of calls) this.#hooks.end(receipt, outcome);
    for (const call of open) if (calls.includes(call)) void call.undo();
  }

  #open(): Call[] {
    return this.#running.filter(({ receipt }) => receipt.endedAt === null);
  }
}
