import assert from 'node:assert/strict';
import type { Reading } from '../../../../server/src/core/dialects/dialect.js';
import { linuxNftables } from '../../../../server/src/core/dialects/linux-nftables/index.js';
import type { Test } from '../../../../server/src/core/model/policy.js';
import { SourceFile } from '../../../../server/src/core/text/source-file.js';
import { StatementState } from '../../../../server/src/core/text/statements.js';

/** Reads a text; `others` are the files beside it, by path. */
export function read(text: string, others: Readonly<Record<string, string>> = {}): Reading {
  const files = Object.entries(others).map(([path, own]) => new SourceFile(path, own));
  return linuxNftables.read(new SourceFile('nftables.conf', text), 'fw', {
    isRead: () => true,
    find: (pattern) => files.filter(({ path }) => path === pattern || pattern === '*'),
  });
}

/** A base chain at forward with these rules. */
export function chainWith(...rules: string[]): string {
  return [
    'table inet fw {',
    ' chain f {',
    '  type filter hook forward priority 0',
    ...rules.map((rule) => `  ${rule}`),
    ' }',
    '}',
    '',
  ].join('\n');
}

/** The rules of a chain, one string each: what they ask, and what they do. */
export function rulesOf(reading: Reading, key = 'inet fw f'): string[] {
  const chain = reading.device.chains?.get(key);
  assert.ok(chain, `there is a chain ${key}`);
  return [...chain.rules].map(({ tests, action }) => {
    const to = 'chain' in action ? ` ${action.chain}` : 'words' in action ? ` (${action.words})` : '';
    return [...tests.map(wordsOf), `${action.kind}${to}`].join(' ');
  });
}

function wordsOf(test: Test): string {
  switch (test.kind) {
    case 'undecidable':
      return `<${test.words}>`;
    case 'in':
    case 'out':
      return `${test.negated ? '!' : ''}${test.kind}=${test.names.join(',')}`;
    case 'state':
      return `${test.negated ? '!' : ''}state=${test.states.join(',')}`;
    case 'any':
      return `${test.negated ? '!' : ''}(${test.alternatives.map((tests) => tests.map(wordsOf).join(' ')).join(' | ')})`;
    default:
      return `${'negated' in test && test.negated ? '!' : ''}${test.kind}`;
  }
}

const WORDS = Object.entries(StatementState);

/** The state of each line. */
export function statesOf(reading: Reading): string[] {
  return [...reading.statements.states].map((state) => WORDS.find(([, value]) => value === state)?.[0] ?? '');
}
