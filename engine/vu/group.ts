import { createHash } from 'node:crypto';
import { GoError } from '../base/errors.ts';

/** A check and its results. */
interface Check {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  passes: number;
  fails: number;
}

/** A group as plain data, for summaries and other threads. */
export interface GroupData {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: readonly GroupData[];
  readonly checks: readonly Readonly<Check>[];
}

export const SEPARATOR = '::';

/** @throws GoError for a name of a group or check that contains the separator of paths. */
export function assertGroupName(name: string): void {
  if (name.includes(SEPARATOR)) throw new GoError("group and check names may not contain '::'");
}

/** A group of checks and nested groups in the order they were created. The root group has no name. */
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

  /** Returns the nested group with the given name. Creates it if it does not exist. */
  child(name: string): Group {
    const existing = this.groups.get(name);
    if (existing) return existing;
    const group = this.apart(name);
    this.groups.set(name, group);
    return group;
  }

  /** Creates a nested group that is not part of any summary until it is adopted. */
  apart(name: string): Group {
    return new Group(name, this.path + SEPARATOR + name);
  }

  /** Adds a detached group, unless it is empty. */
  adopt(group: Group): void {
    if (group.groups.size > 0 || group.checks.size > 0) this.groups.set(group.name, group);
  }

  /** Counts one result of a check in this group. */
  count(name: string, holds: boolean): void {
    const check = this.#check(name);
    if (holds) check.passes += 1;
    else check.fails += 1;
  }

  toData(): GroupData {
    const { name, path, id } = this;
    const groups = [...this.groups.values()].map((group) => group.toData());
    return { name, path, id, groups, checks: [...this.checks.values()].map((check) => ({ ...check })) };
  }

  /** Adds another thread's counts for the same group. */
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

/** Returns the ID that k6 uses in summaries: the MD5 hash of the path. */
const idOf = (path: string): string => createHash('md5').update(path).digest('hex');
