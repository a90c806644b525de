import type { Finding } from './report.js';
import type { Places } from './review/places.js';
import type { Review } from './review/review.js';
import { RULES } from './rules/index.js';
import type { Problem, Related, Rule } from './rules/rule.js';
import type { SourceFile } from './text/source-file.js';
import { findingOf, quotedBy } from './workspace-report.js';

/** A finding, and all that it was made of. */
interface Kept {
  readonly problem: Problem;
  readonly level: Finding['level'];
  /** What stands beside the message: the advisory, the segments, what was taken for granted. */
  readonly words: readonly string[];
  /** The texts in which its places are, the problem's own first; undefined: not given. */
  readonly sources: readonly (SourceFile | undefined)[];
  readonly finding: Finding;
}

/**
 * The findings of the last answer. One is said again, as the same object, where it would say the same: the
 * same words about the same places of the same texts.
 */
export class KeptFindings {
  #before: Map<string, Kept> = new Map();
  #now: Map<string, Kept> = new Map();

  /** What all rules find. What the answer before did not say is forgotten. */
  answer(asked: Review, places: Places): Map<Finding, Problem> {
    this.#before = this.#now;
    this.#now = new Map();
    const problems = new Map<Finding, Problem>();
    for (const rule of RULES) {
      const level = asked.site?.rules.get(rule.id) ?? rule.level;
      if (level === 'off') continue;
      for (const problem of rule.check(asked)) problems.set(this.#findingOf(rule, level, problem, places), problem);
    }
    return problems;
  }

  #findingOf(rule: Rule, level: Finding['level'], problem: Problem, places: Places): Finding {
    const key = `${rule.id}\n${problem.origin.file}\n${problem.origin.start}\n${problem.message}`;
    const words = wordsOf(problem);
    const sources = [problem, ...problem.related].map(({ origin }) => places.source(origin.file));
    const before = this.#before.get(key);
    const kept =
      before !== undefined &&
      before.level === level &&
      before.problem.origin.end === problem.origin.end &&
      sameItems(before.sources, sources) &&
      sameItems(before.words, words) &&
      before.problem.related.every((one, at) => isSameRelated(one, problem.related[at]))
        ? { ...before, problem }
        : { problem, level, words, sources, finding: findingOf(rule, level, problem, places) };
    // Two problems that say the same are two findings.
    this.#before.delete(key);
    this.#now.set(key, kept);
    return kept.finding;
  }
}

function wordsOf(problem: Problem): string[] {
  const [first] = problem.verdicts;
  return [
    first?.advisory.id ?? '',
    ...problem.verdicts.map(({ segment }) => segment.name),
    // What stands between the segments' names and what follows.
    '\n',
    ...quotedBy(problem),
  ];
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function isSameRelated(a: Related, b: Related | undefined): boolean {
  return (
    a === b ||
    (a.message === b?.message &&
      a.origin.file === b.origin.file &&
      a.origin.start === b.origin.start &&
      a.origin.end === b.origin.end)
  );
}
