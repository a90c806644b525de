/** What a script of a shell tells nft, and what it may tell it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Reading } from '../../../server/src/core/dialects/dialect.js';
import { read, rulesOf, statesOf } from './support/read.js';

const HEAD = [
  '#!/bin/bash',
  'nft flush ruleset',
  'nft add table inet fw',
  "nft 'add chain inet fw f { type filter hook forward priority 0; policy drop; }'",
];
const LAST = 'nft add rule inet fw f iifname a accept';

function script(...lines: string[]): Reading {
  return read([...HEAD, ...lines, LAST, ''].join('\n'));
}

describe('commands of nft', () => {
  for (const lines of [
    ['nft add rule inet fw f ip saddr 1.1.1.1 accept'],
    ['sudo -u root nft add rule inet fw f ip saddr 1.1.1.1 accept'],
    ['sudo -n nft add rule inet fw f ip saddr 1.1.1.1 accept'],
    ['env LC_ALL=C nft add rule inet fw f ip saddr 1.1.1.1 accept'],
    ['NFT=/usr/sbin/nft', '$NFT add rule inet fw f ip saddr 1.1.1.1 accept'],
    ['nft -f - <<< "add rule inet fw f ip saddr 1.1.1.1 accept"'],
    ["nft -f - <<< 'add rule inet fw f ip saddr 1.1.1.1 accept'"],
    ['nft -f - <<EOF', 'add rule inet fw f ip saddr 1.1.1.1 accept', 'EOF'],
    ['cat <<EOF | nft -f -', 'add rule inet fw f ip saddr 1.1.1.1 accept', 'EOF'],
  ]) {
    it(lines.join(' / '), () => {
      const reading = script(...lines);
      assert.deepEqual(rulesOf(reading, 'inet fw f'), ['header accept', 'in=a accept']);
      assert.equal(statesOf(reading).includes('unknown'), false);
    });
  }
});

describe('what nft is told by way of another program', () => {
  for (const line of [
    'cat rules | nft -f -',
    'echo "add rule inet fw f accept" | nft -f /dev/stdin',
    'cat list | xargs -I% nft add rule inet fw f ip saddr % accept',
    'bash -c "nft add rule inet fw f accept"; echo done',
  ]) {
    it(`${line}: who knows`, () => {
      const reading = script(line);
      const [first, ...rest] = rulesOf(reading, 'inet fw f');
      assert.match(first ?? '', /^unknown \((?:.* is not among the files|what \w+ is told)\)$/);
      assert.deepEqual(rest, ['in=a accept']);
      assert.equal(statesOf(reading)[HEAD.length], 'unmodelled');
    });
  }

  it('is nothing where nft only shows something, or is not called', () => {
    for (const line of [
      'sh -c "nft list ruleset"',
      'nft list ruleset | xargs echo',
      'cat > "/tmp/a b" <<EOF\nadd rule inet fw f accept\nEOF',
      'echo "one" > "/tmp/a b"',
      'PORTS=(80 443)',
    ]) {
      const reading = script(line);
      assert.deepEqual(rulesOf(reading, 'inet fw f'), ['in=a accept'], line);
      assert.equal(statesOf(reading).includes('unknown'), false, line);
    }
  });
});
