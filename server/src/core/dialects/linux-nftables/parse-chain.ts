import type { Origin } from '../../model/origin.js';
import { StatementState } from '../../text/statements.js';
import type { Cursor } from './cursor.js';
import type { Loader } from './loader.js';
import { namesIn } from './names-in.js';
import { parseRule } from './parse-rule.js';
import type { Form } from './plain-rules.js';
import type { Rule, Statement } from './rule.js';
import { type ChainState, chainKey, doubtRules, rulesOf, type TableState } from './ruleset.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';
import { type Value, wordsIn } from './values.js';

/** Where a rule is put. */
export interface RulePlace {
  readonly verb: 'block' | 'add' | 'insert' | 'replace';
  readonly by?: 'handle' | 'index';
  readonly number?: number;
}

/** Reads a rule, with its first word at hand, and puts it into its chain. */
export function parseRuleInto(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  chain: ChainState,
  place: RulePlace,
  start: number,
  doubt: string | undefined,
): void {
  const firstToken = cursor.at;
  const statements = parseRule(cursor, scope);
  const end = Math.max(start, cursor.endBefore);
  const origin = loader.origin(cursor, start, end);
  noteNames(loader, cursor, table, firstToken, statements, origin);
  let handle: number | undefined;
  if (cursor.kind === Kind.handle) {
    handle = Number(/\d+/.exec(cursor.raw())?.[0]);
    cursor.pass();
  }
  const form = place.by !== undefined || place.verb === 'replace' ? 'placed' : (place.verb as 'block');
  loader.mark(cursor.file, start, end, stateOf(table, statements));
  put(loader, chain, place, { statements, origin, handle, doubt, form });
}

/** Takes the rules at hand, which are one token, as the rows that they have; gives those that have to be read by themselves. */
export function* takePlainRules(
  loader: Loader,
  cursor: Cursor,
  table: TableState,
  chain: ChainState,
  isSure: boolean,
): Generator<number> {
  const { plain } = loader;
  if (plain === undefined) return;
  const { lines } = plain;
  const rows = cursor.takeRows(lines);
  for (let row = rows.first; row < rows.end; row += 1) {
    const form = isSure ? plain.formOf(row) : undefined;
    const state = form === undefined ? undefined : stateOfForm(form, table);
    if (form === undefined || state === undefined || !form.isNoted) {
      // The first one in a chain is read by itself, for the interfaces that it names.
      if (form !== undefined) form.isNoted = true;
      yield row;
      continue;
    }
    const end = lines.ends[row] as number;
    if (form.jumps.length > 0) {
      for (const { name, before } of form.jumps) {
        loader.refer(cursor, 'chain', chainKey(table, name), end - before, end - before + name.length);
      }
    }
    loader.mark(cursor.file, lines.starts[row] as number, end, state);
    chain.resolved = Math.min(chain.resolved, chain.rules.length);
    chain.rules.push(row);
  }
}

/** Undefined: it is not the same for all of the form. */
function stateOfForm(form: Form, table: TableState): StatementState | undefined {
  if (form.family !== table.family) {
    const [state, other] = form.samples.map((statements) => stateOf(table, statements));
    form.family = table.family;
    form.state = state === other ? state : undefined;
  }
  return form.state;
}

/** What the line of a rule is, as far as the line itself can say. */
function stateOf(table: TableState, statements: readonly Statement[]): StatementState {
  for (const statement of statements) {
    if (statement.kind === 'unknown') return statement.isRead ? StatementState.unmodelled : StatementState.unknown;
  }
  if (table.family === 'ip6' || table.family === 'arp') return StatementState.ignored;
  if (table.family === 'bridge') return StatementState.unmodelled;
  const isIpv6 = statements.some(
    (one) =>
      (one.kind === 'match' && one.key.some(({ field }) => field.what === 'never')) ||
      (one.kind === 'reject' && one.only === 'ipv6') ||
      (one.kind === 'nat' && one.isIpv6),
  );
  return isIpv6 ? StatementState.ignored : StatementState.modelled;
}

function put(loader: Loader, chain: ChainState, place: RulePlace, rule: Rule): void {
  const { verb, by, number } = place;
  if (by === undefined) {
    if (verb === 'insert') chain.front.push(rule);
    else if (verb !== 'replace') chain.rules.push(rule);
    return;
  }
  const isFound = loader.ruleset.mayLookAt(chain.rules.length + chain.front.length);
  const rules = isFound ? rulesOf(loader.ruleset, chain) : [];
  const at = by === 'index' ? (number ?? -1) : rules.findIndex(({ handle }) => handle === number);
  if (at < 0 || at >= rules.length || rule.doubt !== undefined) {
    const words = rule.doubt ?? 'its place in the chain is not known';
    if (verb === 'replace') doubtRules(loader.ruleset, chain, words);
    // At the front, and perhaps not there: that is all that can be said of a rule somewhere in the middle.
    chain.front.push({ ...rule, doubt: words });
    return;
  }
  if (verb === 'replace') rules[at] = rule;
  else rules.splice(verb === 'add' ? at + 1 : at, 0, rule);
  chain.doubted = Math.min(chain.doubted, at);
}

const NAMING = new Set(['in', 'out']);

/** Notes the chains, sets and interfaces that a rule names. */
function noteNames(
  loader: Loader,
  cursor: Cursor,
  table: TableState,
  firstToken: number,
  statements: readonly Statement[],
  origin: Origin,
): void {
  namesIn(cursor, firstToken, (kind, name, start, end) => {
    loader.refer(cursor, kind, chainKey(table, name), start, end);
  });
  for (const statement of statements) {
    if (statement.kind !== 'match' && statement.kind !== 'verdict-map') continue;
    const value: Value = statement.kind === 'match' ? statement.value : statement.map;
    if (statement.kind === 'match' && statement.op !== 'implicit' && statement.op !== '==') continue;
    noteInterfaces(loader, table, statement.key, value, origin);
  }
}

function noteInterfaces(
  loader: Loader,
  table: TableState,
  key: readonly { readonly field: { readonly what: string } }[],
  value: Value,
  origin: Origin,
): void {
  for (const [at, { field }] of key.entries()) {
    if (!NAMING.has(field.what)) continue;
    const from = value.kind === 'named-set' ? table.sets.get(value.name)?.elements : undefined;
    const elements = value.kind === 'set' ? value.elements : from;
    const values = elements === undefined ? [value] : elements.map((element) => element.key);
    for (const one of values) {
      const part = key.length === 1 ? one : one.kind === 'concatenation' ? one.parts[at] : undefined;
      if (part === undefined) continue;
      for (const name of wordsIn(part)) loader.noteInterface(name, origin);
    }
  }
}
