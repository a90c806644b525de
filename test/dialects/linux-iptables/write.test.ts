/** Where fixes are written, and where there is no idiom for them; the fixture pages show their text. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linuxIptables } from '../../../server/src/core/dialects/linux-iptables/index.js';
import { parsePrefix } from '../../../server/src/core/net/prefix.js';
import { applyEdits } from '../../../server/src/core/text/edit.js';
import { formatChain, read } from './support/read.js';

const TARGETS = ['202.114.4.119', '202.114.4.0/24'].map((text) => parsePrefix(text) ?? { ip: 0, length: 0 });
const DENIES = ['[dst 202.114.4.119] drop', '[dst 202.114.4.0~0.0.0.255] drop'];

/** The text with a deny for the targets before rule `index`; undefined where none is written. */
function denied(text: string, index: number, key = 'filter FORWARD', remark = 'ICSMA-25-030-01'): string | undefined {
  const edits = linuxIptables.write.denyBefore?.(read(text), key, index, TARGETS, remark);
  return edits && applyEdits(text, edits);
}

/** The denies stand exactly before what was at `index`, and nothing else has changed. */
function checkDenied(text: string, index: number, key = 'filter FORWARD'): void {
  const before = formatChain(read(text), key);
  const after = denied(text, index, key);
  assert.ok(after, 'it is written');
  const rules = formatChain(read(after), key);
  const at = rules.findIndex((rule) => DENIES.includes(rule));
  assert.equal(at, index);
  assert.deepEqual([...rules.slice(at, at + 2)].sort(), [...DENIES].sort());
  assert.deepEqual([...rules.slice(0, at), ...rules.slice(at + 2)], before);
}

const RULES = '-A FORWARD -s 1.1.1.1 -j ACCEPT\n-A FORWARD -s 1.1.1.1 -j LOG\n-A FORWARD -j ACCEPT\n';

describe('a deny before a rule', () => {
  for (const [name, text] of [
    ['of a dump', `*filter\n:FORWARD DROP [0:0]\n${RULES}COMMIT\n`],
    ['of a dump that ends its lines with CR LF', `*filter\r\n${RULES.replaceAll('\n', '\r\n')}COMMIT\r\n`],
    ['of an indented file', `*filter\n${RULES.replaceAll(/^-/gm, '  -')}COMMIT\n`],
    ['of what iptables -S prints', RULES],
    ['of a script', `#!/bin/sh\n${RULES.replaceAll(/^-/gm, 'sudo iptables -')}`],
    [
      'of a script with long lines',
      '#!/bin/sh\niptables -A FORWARD -s 1.1.1.1 \\\n  -j ACCEPT\niptables -A FORWARD \\\n  -j ACCEPT\n',
    ],
    [
      'of a script that puts rules first',
      '#!/bin/sh\niptables -I FORWARD -j ACCEPT\niptables -I FORWARD -s 1.1.1.1 \\\n -j ACCEPT\n',
    ],
    [
      'of a script that does both',
      '#!/bin/sh\niptables -A FORWARD -j ACCEPT\niptables -I FORWARD -s 1.1.1.1 -j ACCEPT\n',
    ],
    ['of a text in a script', `#!/bin/sh\niptables-restore <<EOF\n*filter\n${RULES}COMMIT\nEOF\n`],
  ] as const) {
    it(name, () => {
      for (const index of [0, 1, 2]) checkDenied(text, index);
    });
  }

  it('of another table', () => {
    checkDenied('#!/bin/sh\niptables -t mangle -A FORWARD -j ACCEPT\n', 0, 'mangle FORWARD');
  });

  it('of a chain of its own', () => {
    checkDenied('*filter\n:MED -\n-A FORWARD -j MED\n-A MED -j ACCEPT\nCOMMIT\n', 0, 'filter MED');
  });

  it('whose remark has signs that mean something', () => {
    const after = denied('#!/bin/sh\niptables -A FORWARD -j ACCEPT\n', 0, 'filter FORWARD', 'a "b" $(c) `d` \\');
    assert.ok(after?.includes('--comment "a b (c) d "'), after);
  });

  for (const [name, text] of [
    ['where places of rules are counted', '*filter\n-A FORWARD -j ACCEPT\n-I FORWARD 2 -j DROP\nCOMMIT\n'],
    ['behind another command on the line', '#!/bin/sh\niptables -N A && iptables -A FORWARD -j ACCEPT\n'],
    ['in a function', '#!/bin/sh\nf() {\n  iptables -A FORWARD -j ACCEPT\n}\n'],
    ['in a chain that others fill', '*filter\n-A DOCKER -j ACCEPT\nCOMMIT\n'],
  ] as const) {
    it(`has no idiom ${name}`, () => {
      assert.equal(denied(text, 0, text.includes('DOCKER') ? 'filter DOCKER' : 'filter FORWARD'), undefined);
    });
  }

  it('has no idiom in table nat, and none in a chain that is not there', () => {
    assert.equal(denied('*nat\n-A PREROUTING -j ACCEPT\nCOMMIT\n', 0, 'nat PREROUTING'), undefined);
    assert.equal(denied(RULES, 0, 'filter NOPE'), undefined);
  });
});

describe('a filter where there is none', () => {
  const written = (text: string): string | undefined => {
    const edits = linuxIptables.write.applyFilter?.(read(text), 'eth0.210', TARGETS.slice(1), 'ICSMA-25-030-01');
    return edits && applyEdits(text, edits);
  };
  it('is a table of its own', () => {
    const after = written('*nat\n-A POSTROUTING -o wan -j MASQUERADE\nCOMMIT');
    assert.deepEqual(formatChain(read(after ?? ''), 'filter FORWARD'), [
      '[dst 202.114.4.0~0.0.0.255] in=eth0.210 drop',
    ]);
  });
  it('is a command of a script', () => {
    const after = written('#!/bin/sh\nIPT=iptables\n$IPT -t nat -A POSTROUTING -o wan -j MASQUERADE');
    assert.ok(
      after?.endsWith('\n$IPT -A FORWARD -i eth0.210 -d 202.114.4.0/24 -m comment --comment ICSMA-25-030-01 -j DROP\n'),
      after,
    );
  });
  it('is not written where nothing is restored', () => {
    assert.equal(written('create S hash:ip\n'), undefined);
  });
});

describe('a rule that is moved', () => {
  it('goes above another', () => {
    const text = `*filter\n${RULES}-A FORWARD -d 202.114.4.0/24 -j DROP\nCOMMIT\n`;
    const edits = linuxIptables.write.moveBefore?.(read(text), 'filter FORWARD', 2, 0) ?? [];
    assert.deepEqual(formatChain(read(applyEdits(text, edits)), 'filter FORWARD'), [
      '[dst 202.114.4.0~0.0.0.255] drop',
      '[src 1.1.1.1] accept',
      'accept',
    ]);
  });
});
