import { createHash } from 'node:crypto';

/** A check, and how often it held. */
export interface Check {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  passes: number;
  fails: number;
}

/** A group's counts without its behaviour. */
export interface GroupData {
  readonly name: string;
  readonly groups: readonly GroupData[];
  readonly checks: readonly { readonly name: string; readonly passes: number; readonly fails: number }[];
}

const SEPARATOR = '::';

/** A group of checks and of further groups, in the order in which they came to be. The root has no name. */
export class Group {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups = new Map<string, Group>();
  readonly checks = new Map<string, Check>();

  constructor(name = '', path = '') {
    this.name = name;
    this.path = path;
    this.id = idOf(path);
  }

  /** The group of that name within this one. */
  child(name: string): Group {
    const existing = this.groups.get(name);
    if (existing) return existing;
    const group = this.apart(name);
    this.groups.set(name, group);
    return group;
  }

  /** A group within this one that is in no summary until it is adopted. */
  apart(name: string): Group {
    return new Group(name, this.path + SEPARATOR + name);
  }

  /** Takes a group in that was apart, if there is anything in it. */
  adopt(group: Group): void {
    if (group.groups.size > 0 || group.checks.size > 0) this.groups.set(group.name, group);
  }

  /** Counts one result of a check in this group. */
  count(name: string, holds: boolean): void {
    const check = this.#check(name);
    if (holds) check.passes += 1;
    else check.fails += 1;
  }

  /** What another thread can be sent of it. */
  toData(): GroupData {
    return {
      name: this.name,
      groups: [...this.groups.values()].map((group) => group.toData()),
      checks: [...this.checks.values()].map(({ name, passes, fails }) => ({ name, passes, fails })),
    };
  }

  /** Adds what the same group has counted elsewhere. */
  merge({ groups, checks }: GroupData): void {
    for (const { name, passes, fails } of checks) {
      const check = this.#check(name);
      check.passes += passes;
      check.fails += fails;
    }
    for (const group of groups) this.child(group.name).merge(group);
  }

  #check(name: string): Check {
    const existing = this.checks.get(name);
    if (existing) return existing;
    const path = this.path + SEPARATOR + name;
    const check = { name, path, id: idOf(path), passes: 0, fails: 0 };
    this.checks.set(name, check);
    return check;
  }
}

/** k6's ids in summaries: the MD5 of the path. */
const idOf = (path: string): string => createHash('md5').update(path).digest('hex');
