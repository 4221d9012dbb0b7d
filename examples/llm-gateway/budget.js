/** The error of a call that a budget does not allow. */
class UsedUp extends Error {
  isBudget = true;
}

/** A ceiling of tokens for each team. It begins anew some seconds after the first call. */
export class Budget {
  #max;
  #seconds;
  /** What each team has used and reserved, and until when this counts. */
  #teams = new Map();

  constructor(max, seconds) {
    this.#max = max;
    this.#seconds = seconds;
  }

  #now(team) {
    const known = this.#teams.get(team);
    if (known && Date.now() < known.until) return known;
    const anew = { used: 0, reserved: 0, until: Date.now() + this.#seconds * 1_000 };
    this.#teams.set(team, anew);
    return anew;
  }

  usedBy(team) {
    return this.#now(team).used;
  }

  /**
   * Reserves tokens before a call. `use` says how many the call has used, and `end` gives the reservation back, also if
   * the call fails.
   */
  reserve(team, tokens) {
    const current = this.#now(team);
    if (current.used + current.reserved + tokens > this.#max) throw new UsedUp();
    current.reserved += tokens;
    let isOver = false;
    return {
      use(used) {
        current.used += used;
      },
      end() {
        if (!isOver) current.reserved -= tokens;
        isOver = true;
      },
    };
  }
}
