import type { Origin } from '../../model/origin.js';
import type { PolicyAction, PolicyRule, RuleHulls, Rules, Test } from '../../model/policy.js';
import { type Hull, hullOf, newHulls, setHull } from '../../model/rule-hulls.js';
import { type Ip, MAX_IP } from '../../net/ip.js';
import { grown } from './holes.js';
import { type Meaning, testsWith } from './plain-meaning.js';
import type { PlainRules } from './plain-rules.js';
import type { Rule } from './rule.js';

/** What stands in a chain of the model, with the rule of the file that it comes from. */
export interface PlacedRule {
  readonly rule: PolicyRule;
  /** Absent: no line of the file says it. */
  readonly from: Rule | undefined;
}

export interface PlacedRules {
  readonly length: number;
  at(index: number): PlacedRule | undefined;
}

/** One rule, and the others behind it. */
export function behind(first: PlacedRule, others: PlacedRules): PlacedRules {
  return { length: others.length + 1, at: (index) => (index === 0 ? first : others.at(index - 1)) };
}

/** Puts a chain of the model together, from rules and from rows of such as are like others. */
export class ChainBuilder {
  readonly #plain: PlainRules | undefined;
  /** Rows; or, below zero, places among the others: -1 is the first. */
  #places: Int32Array;
  #count = 0;
  readonly #meanings: Meaning[] = [];
  readonly #others: PlacedRule[] = [];

  /** @param expected how many rules there may be; more are taken too */
  constructor(plain: PlainRules | undefined, expected: number) {
    this.#plain = plain;
    this.#places = new Int32Array(expected);
  }

  add(rule: PolicyRule, from: Rule | undefined): void {
    this.#others.push({ rule, from });
    this.#place(-this.#others.length);
  }

  #place(place: number): void {
    if (this.#count === this.#places.length) this.#places = grown(this.#places, new Int32Array(2 * this.#count + 4));
    this.#places[this.#count] = place;
    this.#count += 1;
  }

  addRow(row: number, meaning: Meaning): void {
    if (meaning.action === undefined) return;
    this.#place(row);
    this.#meanings[meaning.form.number] = meaning;
  }

  built(): { readonly inModel: Rules; readonly inFile: PlacedRules } {
    const plain = this.#plain;
    const others = this.#others;
    if (plain === undefined || others.length === this.#count) {
      return { inModel: others.map(({ rule }) => rule), inFile: others };
    }
    const places = this.#places.subarray(0, this.#count);
    const rules = new MixedRules(places, this.#meanings, others, plain);
    return { inModel: rules, inFile: { length: rules.length, at: (index) => rules.placedAt(index) } };
  }
}

/** Rules of which most are rows of numbers, and are made when they are asked for. */
class MixedRules implements Rules {
  readonly length: number;
  readonly hulls: RuleHulls;
  readonly acts: ReadonlySet<PolicyAction['kind']>;
  readonly #places: Int32Array;
  readonly #meanings: readonly (Meaning | undefined)[];
  readonly #others: readonly PlacedRule[];
  readonly #plain: PlainRules;
  /** By row, of rules that were asked: a question asks the same few again and again. */
  readonly #tests = new Map<number, readonly Test[]>();

  constructor(
    places: Int32Array,
    meanings: readonly (Meaning | undefined)[],
    others: readonly PlacedRule[],
    plain: PlainRules,
  ) {
    this.length = places.length;
    this.#places = places;
    this.#meanings = meanings;
    this.#others = others;
    this.#plain = plain;
    this.hulls = this.#reckonHulls();
    const actions = [...meanings.map((meaning) => meaning?.action), ...others.map(({ rule }) => rule.action)];
    this.acts = new Set(actions.flatMap((action) => (action === undefined ? [] : [action.kind])));
  }

  at(index: number): PolicyRule | undefined {
    const place = this.#places[index];
    if (place === undefined) return undefined;
    return place < 0 ? this.#others[-place - 1]?.rule : this.#rowRule(place);
  }

  nextAbout(from: number, src: Ip, dst: Ip): number {
    const places = this.#places;
    const { srcFirst, srcLast, dstFirst, dstLast } = this.#plain.lines;
    for (let index = from; index < places.length; index += 1) {
      const place = places[index] as number;
      // What a row has in its holes is what its one test of addresses asks for.
      if (
        place < 0 ||
        ((dstFirst[place] as number) <= dst &&
          dst <= (dstLast[place] as number) &&
          (srcFirst[place] as number) <= src &&
          src <= (srcLast[place] as number)) ||
        this.#meaningOf(place).at === -1
      ) {
        return index;
      }
    }
    return places.length;
  }

  placedAt(index: number): PlacedRule | undefined {
    const place = this.#places[index];
    if (place === undefined) return undefined;
    if (place < 0) return this.#others[-place - 1];
    const rule = this.#rowRule(place);
    return { rule, from: this.#plain.ruleAt(place) };
  }

  *[Symbol.iterator](): Iterator<PolicyRule> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index) as PolicyRule;
  }

  #rowRule(row: number): PolicyRule {
    return new RowRule(this.#plain, row, this.#meaningOf(row), this.#tests);
  }

  #meaningOf(row: number): Meaning {
    return this.#meanings[this.#plain.lines.forms[row] as number] as Meaning;
  }

  #reckonHulls(): RuleHulls {
    const { lines } = this.#plain;
    const places = this.#places;
    const meanings = this.#meanings;
    const hulls = newHulls(places.length);
    const { srcFirst, srcLast, dstFirst, dstLast } = hulls;
    // Of nearly all forms, the addresses in the holes are all that there is to a hull.
    const isOfHoles = meanings.map((meaning) => meaning !== undefined && meaning.at !== -1 && isWhole(meaning.hull));
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index] as number;
      if (place < 0) {
        setHull(hulls, index, hullOf((this.#others[-place - 1] as PlacedRule).rule.tests));
        continue;
      }
      const form = lines.forms[place] as number;
      if (isOfHoles[form] === true) {
        srcFirst[index] = lines.srcFirst[place] as number;
        srcLast[index] = lines.srcLast[place] as number;
        dstFirst[index] = lines.dstFirst[place] as number;
        dstLast[index] = lines.dstLast[place] as number;
        continue;
      }
      const { hull, at } = meanings[form] as Meaning;
      if (at === -1) {
        setHull(hulls, index, hull);
        continue;
      }
      srcFirst[index] = Math.max(hull.srcFirst, lines.srcFirst[place] as number);
      srcLast[index] = Math.min(hull.srcLast, lines.srcLast[place] as number);
      dstFirst[index] = Math.max(hull.dstFirst, lines.dstFirst[place] as number);
      dstLast[index] = Math.min(hull.dstLast, lines.dstLast[place] as number);
    }
    return hulls;
  }
}

function isWhole({ srcFirst, srcLast, dstFirst, dstLast }: Readonly<Hull>): boolean {
  return srcFirst === 0 && dstFirst === 0 && srcLast === MAX_IP && dstLast === MAX_IP;
}

/** The tests of more rules of a chain are not kept. */
const MOST_KEPT = 4096;

/** A rule that is a row of numbers. What is asked of it is made when it is. */
class RowRule implements PolicyRule {
  readonly #plain: PlainRules;
  readonly #row: number;
  readonly #meaning: Meaning;
  readonly #kept: Map<number, readonly Test[]>;

  constructor(plain: PlainRules, row: number, meaning: Meaning, kept: Map<number, readonly Test[]>) {
    this.#plain = plain;
    this.#row = row;
    this.#meaning = meaning;
    this.#kept = kept;
  }

  get action(): PolicyAction {
    return this.#meaning.action as PolicyAction;
  }

  get tests(): readonly Test[] {
    const row = this.#row;
    const kept = this.#kept.get(row);
    if (kept !== undefined) return kept;
    const { srcFirst, srcLast, dstFirst, dstLast } = this.#plain.lines;
    const tests = testsWith(this.#meaning, {
      srcFirst: srcFirst[row] as number,
      srcLast: srcLast[row] as number,
      dstFirst: dstFirst[row] as number,
      dstLast: dstLast[row] as number,
    });
    if (this.#kept.size < MOST_KEPT) this.#kept.set(row, tests);
    return tests;
  }

  get origin(): Origin {
    return this.#plain.originOf(this.#row);
  }
}
