import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { StatementState } from '../../../server/src/core/text/statements.js';
import { read } from './support/read.js';

const PAGES = ['traversal.md', 'matches.md', 'fixes.md'].map((name) =>
  readFileSync(new URL(`../../fixtures/linux-nftables/${name}`, import.meta.url), 'utf8'),
);
const TEXTS = PAGES.flatMap((page) => [...page.matchAll(/```cfg[^\n]*\n([\s\S]*?)```/g)].map(([, text = '']) => text));

function checkWhole(text: string): void {
  const { statements } = read(text);
  let covered = 0;
  for (let row = 0; row < statements.count; row += 1) {
    assert.ok(statements.states[row] !== StatementState.unread, `row ${row} has a state`);
    assert.ok((statements.starts[row] as number) >= covered, 'rows are in order');
    covered = statements.starts[row] as number;
  }
}

const scrap = fc.constantFrom(
  '\n',
  ' ',
  '{',
  '}',
  '(',
  ')',
  '"',
  "'",
  '\\',
  ';',
  '#',
  '$',
  '$x',
  '@',
  '@s',
  ',',
  ':',
  '.',
  '-',
  '/',
  '!=',
  '&',
  '|',
  '<<',
  '\0',
  '\uD800',
  'add ',
  'vmap ',
  'map ',
  'chain ',
  'table ',
  'jump ',
  'include "',
  'define ',
  '#!/bin/sh\n',
  'nft add rule ',
  '<<EOF',
  '__proto__',
  'constructor',
  '0x',
  '99999999999',
  '::',
  '/33',
);

describe('reading whatever a file holds', () => {
  it('gives every line a state at any truncation', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), fc.double({ min: 0, max: 1, noNaN: true }), (text, cut) =>
        checkWhole(text.slice(0, Math.floor(text.length * cut))),
      ),
      { numRuns: 300 },
    );
  });

  it('gives every line a state after any mutation', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TEXTS),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), scrap), {
          minLength: 1,
          maxLength: 6,
        }),
        (original, changes) => {
          let text = original;
          for (const [place, removed, added] of changes) {
            const at = Math.floor(place * text.length);
            text = text.slice(0, at) + added + text.slice(at + removed);
          }
          checkWhole(text);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('takes no text for more than it is', () => {
    const long = (line: string, count = 20_000) => line.repeat(count);
    const inChain = (rules: string) => `table ip x {\nchain y { type filter hook forward priority 0\n${rules}}\n}\n`;
    const many = (count: number, one: (at: number) => string, by = ', ') =>
      Array.from({ length: count }, (_, at) => one(at)).join(by);
    const ip = (at: number) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
    const texts = [
      `add table ip f\nadd chain ip f c\n${long('insert rule ip f c accept\n')}`,
      `add table ip f\nadd chain ip f c\n${long('insert rule ip f c index 0 accept\n')}`,
      `add table ip f\nadd chain ip f c\n${long('replace rule ip f c handle 5 accept\n')}`,
      long('{', 300_000),
      long('table x {'),
      inChain(`meta mark ${long('(')}`),
      inChain(`ip saddr ${long('{')}`),
      inChain(`meta mark ${long('1|')} accept\n`),
      inChain(`meta mark ${long('| 1 ')} == 1 accept\n`),
      inChain(`ip saddr ${long('1,')} accept\n`),
      inChain(long('ip saddr . ')),
      `define a0 = { 10.0.0.1 }\n${many(2000, (at) => `define a${at + 1} = { $a${at}, $a${at} }`, '\n')}\n${inChain(many(60, (at) => `ip daddr $a${at} accept`, '\n'))}`,
      `table ip x {\nset s { type ipv4_addr; elements = { ${many(20_000, ip)} } }\n}\n${inChain(long('ip saddr @s accept\n', 500))}`,
      `table ip x {\nset s { type ipv4_addr . inet_service; elements = { ${many(10_000, (at) => `${ip(at)} . 80`)} } }\n}\n${inChain(long('ip saddr . tcp dport @s accept\n', 300))}`,
      `table ip x {\nmap s { type ipv4_addr : verdict; elements = { ${many(2000, (at) => `${ip(at)} : drop`)} } }\n}\n${inChain(long('ip saddr vmap @s\n', 400))}`,
      inChain(long(`meta mark set meta mark map { ${many(30, (at) => `${at} : ${at + 1}`)} } `, 15)),
      inChain(`${long('tcp sport != 1 ', 400)}\n`),
      inChain(`iifname { ${many(20_000, (at) => `"e${at}"`)} } accept\n`),
      `table ip a {\n${many(20_000, (at) => `chain c${at} { jump c${at + 1}; }`, '\n')}\nchain c20000 { type filter hook forward priority 0; }\n}`,
      `#!/bin/sh\nnft add rule ip f c "${long('a', 300_000)}\n${long('nft add rule ip f c `x`\n', 5000)}${long('$(')}`,
      `#!/bin/sh\nnft add table ip f\n${long("'\n")}`,
      `#!/bin/sh\nnft flush ruleset\n${long('f() {\nnft flush ruleset\nnft add rule ip a b accept\n}\n', 3000)}`,
      `#!/bin/sh\nnft add chain ip a b\nif x; then\n${long('nft add rule ip a b accept\nnft flush chain ip a b\n', 5000)}`,
      `#!/bin/sh\nnft flush ruleset\n${long('cat <<EOF\n', 5000)}`,
      long('include "x*"\n'),
      long('"', 300_000),
      long(':', 300_000),
      long('a:', 100_000),
      long('@nh,', 50_000),
    ];
    for (const text of texts) checkWhole(text);
  });
});
