import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { linuxIptables } from '../../../server/src/core/dialects/linux-iptables/index.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import { StatementState } from '../../../server/src/core/text/statements.js';
import { folder, read } from './support/read.js';

const WORDS = [
  ...'*filter *nat *raw *mangle COMMIT :FORWARD :MED - ACCEPT DROP [0:0] -A -I -D -R -N -P -F -X FORWARD MED 2'.split(
    ' ',
  ),
  ...'PREROUTING POSTROUTING -s -d -i -o -p -m -j -g ! 10.0.0.0/8 1.2.3.4 eth0 eth+ tcp udp icmp --dport --sport'.split(
    ' ',
  ),
  ...'80 1:9 80,90 multiport --dports --ports conntrack --ctstate NEW --ctorigdst --ctorigdstport mark --mark 0x1/3'.split(
    ' ',
  ),
  ...'connmark set --match-set S src src,dst addrtype --dst-type LOCAL --limit-iface-in limit --limit 3/min'.split(' '),
  ...'MARK --set-mark CONNMARK --restore-mark DNAT --to SNAT --to-source 1.1.1.1-1.1.1.9:1-9 NETMAP LOG RETURN'.split(
    ' ',
  ),
  ...'iptables $IPT IPT=iptables if then fi for do done { } start() case esac ;; ; && || | <<EOF EOF exit 0 $('.split(
    ' ',
  ),
  ...'create add S hash:ip hash:net,iface timeout nomatch 10.0.0.0/8,eth0 " \' \\ ` $ # \r \0 \ufeff -t nat'.split(' '),
];
const line = fc.array(fc.constantFrom(...WORDS), { maxLength: 9 }).map((words) => words.join(' '));
const config = fc.array(line, { maxLength: 40 }).map((lines) => lines.join('\n'));

/** Checks what holds for every text: nothing is lost, no line is left unread, nothing throws. */
function check(text: string): void {
  const reading = read(text, 'fw/x.rules', folder({ 'sets.save': 'create S hash:ip family inet\nadd S 10.0.0.1\n' }));
  const { statements, device } = reading;
  assert.equal(statements.starts.length, statements.count);
  let before = -1;
  for (let row = 0; row < statements.count; row += 1) {
    const start = statements.starts[row] as number;
    assert.ok(start > before && start < text.length, 'statements follow each other without a gap');
    before = start;
    assert.notEqual(statements.states[row], StatementState.unread, `row ${row} was read`);
  }
  assert.equal(statements.count === 0 ? text.length : statements.starts[0], 0, 'the first begins the text');
  for (const chain of device.chains?.values() ?? []) {
    for (const { origin, action } of chain.rules) {
      assert.ok(origin.start <= origin.end && origin.end <= text.length, JSON.stringify(origin));
      assert.equal(typeof origin.label, 'string');
      if (action.kind === 'jump' || action.kind === 'goto') assert.ok(device.chains?.has(action.chain));
    }
  }
  for (const policy of device.policies ?? []) assert.ok(device.chains?.has(policy.chain));
  linuxIptables.detect(new SourceFile('x', text));
}

describe('any text', () => {
  it('made of words of iptables is read', () => {
    fc.assert(fc.property(config, check), { numRuns: 800 });
  });

  it('made of words of iptables inside of a table is read', () => {
    fc.assert(
      fc.property(config, (text) => check(`*filter\n:FORWARD DROP\n:MED -\n${text}`)),
      { numRuns: 400 },
    );
  });

  it('made of anything is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), check), { numRuns: 300 });
  });

  it('cut off anywhere is read', () => {
    const text = `#!/bin/sh\nIPT=/sbin/iptables\n$IPT -P FORWARD DROP\nif [ -x "$IPT" ]; then\n $IPT -A FORWARD -s 10.0.0.0/8 \\\n  -j ACCEPT\nfi\niptables-restore <<EOF\n*filter\n-A FORWARD -m comment --comment "a \\" b" -j DROP\nCOMMIT\nEOF\n`;
    for (let length = 0; length <= text.length; length += 1) check(text.slice(0, length));
  });
});

describe('a hostile text', () => {
  const texts: [string, string][] = [
    ['of 100,000 tables', '*filter\n'.repeat(30_000)],
    [
      'of 100,000 chains that jump to the next',
      `*filter\n${Array.from({ length: 30_000 }, (_, at) => `:C${at} -\n-A C${at} -j C${at + 1}\n`).join('')}`,
    ],
    ['of 100,000 insertions', `*filter\n${'-I FORWARD -s 10.0.0.1 -j DROP\n'.repeat(30_000)}COMMIT\n`],
    [
      'of 20,000 deletions that delete nothing',
      `*filter\n${'-A FORWARD -j DROP\n'.repeat(20_000)}${'-D FORWARD -j ACCEPT\n'.repeat(20_000)}COMMIT\n`,
    ],
    ['of one long line', `iptables -A FORWARD ${'-s 10.0.0.1 '.repeat(100_000)}\n`],
    ['of one rule with many options', `*filter\n-A FORWARD ${'--what -m mark --ever '.repeat(50_000)}\nCOMMIT\n`],
    [
      'of many chains and lines that are none',
      `*filter\n${':C -\n'.repeat(10)}${Array.from({ length: 10_000 }, (_, at) => `:C${at} -\n`).join('')}${'x\n'.repeat(10_000)}`,
    ],
    [
      'of one rule with many negations',
      `*filter\n-A FORWARD -p tcp -m conntrack ${'! --dport 80 ! --ctproto 6 '.repeat(60_000)}\nCOMMIT\n`,
    ],
    ['of open quotes', `iptables "\n`.repeat(20_000)],
    ['of values that double', `A=$A$A\n`.repeat(5000) + 'A=xx\n'.repeat(3) + 'A=$A$A\n'.repeat(5000)],
    ['of open brackets', `${'$('.repeat(30_000)}\n${'if '.repeat(30_000)}\n`],
    ['of conditional flushes', `if a; then\n${'iptables -A FORWARD -j DROP\niptables -F FORWARD\n'.repeat(10_000)}`],
  ];
  for (const [name, text] of texts) it(`${name} is read`, () => check(text));
});
