import { StatementState } from '../../text/statements.js';
import { keywordOf } from '../shared/words.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/**
 * Reads the global `ip nat ...` statements, as far as they say whether packets are rewritten at all;
 * the words stand behind `nat`.
 */
export function readNatStatement(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const kind = keywordOf(words.take() ?? '', [
    'inside',
    'outside',
    'source',
    'pool',
    'translation',
    'log',
    'service',
  ] as const);
  if (kind === undefined || words.done) return NOT_MINE;
  if (kind === 'pool' || kind === 'translation' || kind === 'log' || kind === 'service') return NOT_MINE;
  const what = kind === 'source' ? 'source' : keywordOf(words.take() ?? '', ['source', 'destination'] as const);
  if (what === undefined) return NOT_MINE;
  if (reader.context !== 'global') reader.leave();
  const rewritten =
    (kind === 'outside') === (what === 'source') && kind !== 'source'
      ? config.nat.rewritesDestination
      : config.nat.rewritesSource;
  const text = reader.line().replace(/^no\s+/i, '');
  if (negated) {
    const at = rewritten.findIndex((statement) => statement.label === text);
    if (at !== -1) rewritten.splice(at, 1);
    return StatementState.unmodelled;
  }
  rewritten.push(reader.lineOrigin());
  while (words.next()) {
    if (words.is('list', 1) && words.next()) reader.refer('acl');
    else if (words.is('route-map', 6) && words.next()) reader.refer('route-map');
    else if (words.is('vrf') && words.next()) reader.refer('vrf');
  }
  return StatementState.unmodelled;
}
