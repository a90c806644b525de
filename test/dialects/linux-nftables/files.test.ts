import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linuxNftables } from '../../../server/src/core/dialects/linux-nftables/index.js';
import { detectDialect } from '../../../server/src/core/dialects/registry.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import { chainWith, read, rulesOf, statesOf } from './support/read.js';

const detected = (text: string) => detectDialect(new SourceFile('x', text))?.id;

describe('what is a ruleset of nftables', () => {
  it('is told from files, listings, commands, scripts and definitions', () => {
    const rulesets = [
      '#!/usr/sbin/nft -f\n',
      'flush ruleset\n\ntable inet filter {\n}\n',
      'table ip nat {\n\tchain post {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t}\n}\n',
      'add table ip x\nadd chain ip x f { type filter hook forward priority 0; }\nadd rule ip x f accept\n',
      '#!/bin/sh\nnft add table ip x\n',
      '#!/bin/bash\nnft -f - <<EOF\ntable ip x {\n}\nEOF\n',
      'define LAN = eth0\ndefine NETS = {\n  10.0.0.0/8,\n}\n',
    ];
    for (const text of rulesets) assert.equal(detected(text), 'linux-nftables', text);
  });

  it('is not seen in other files', () => {
    const others = [
      '',
      'define X\n  y\nendef\n',
      '# Firewall\n\nRun `nft list ruleset`:\n\n```\ntable inet filter {\n```\n',
      '#!/bin/sh\necho hello\n',
      '#!/bin/sh\nnft list ruleset\n',
      'table <bogons> { 10.0.0.0/8 }\npass in all\n',
      'ip access-list extended A\n permit ip any any\ninterface Vlan1\n ip access-group A in\n',
      '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j ACCEPT\nCOMMIT\n',
      '{ "nftables": [] }\n',
    ];
    for (const text of others) assert.notEqual(detected(text), 'linux-nftables', text);
  });
});

describe('the state of each line', () => {
  it('says what was read', () => {
    const text = [
      '# a comment',
      'table inet fw {',
      '  chain f {',
      '    type filter hook forward priority 0; policy drop',
      '    ip saddr 10.0.0.1 accept',
      '    ip6 saddr ::1 accept',
      '    queue num 1',
      '    brand new words',
      '  }',
      '  counter c {',
      '    packets 0 bytes 0',
      '  }',
      '  novelty { }',
      '}',
      'table ip6 six {',
      '  chain f {',
      '    accept',
      '  }',
      '}',
      'what is this',
      '',
    ].join('\n');
    assert.deepEqual(
      statesOf(read(text)),
      'ignored modelled modelled modelled modelled ignored unmodelled unknown modelled ignored ignored ignored unknown modelled modelled modelled ignored modelled modelled unknown'.split(
        ' ',
      ),
    );
  });

  it('names the rules that were not understood, and no others', () => {
    const { device } = read(chainWith('ip saddr 10.0.0.1 accept', 'brand new words', 'limit rate 1/second drop'));
    assert.deepEqual(
      device.unread.map(({ label }) => label),
      ['brand new words'],
    );
  });

  it('says nothing of chains that nothing forwarded meets', () => {
    const { device } = read(
      'table ip x {\n chain i { type filter hook input priority 0; jump c; brand new; }\n chain c { other words; }\n}\n',
    );
    assert.deepEqual([device.unread, device.policies, [...(device.chains?.keys() ?? [])]], [[], [], []]);
  });

  it('keeps secrets of comments out of labels', () => {
    const { device } = read(chainWith('ip saddr 10.0.0.1 accept comment "password hunter2"'));
    const label = device.chains?.get('inet fw f')?.rules.at(0)?.origin.label ?? '';
    assert.match(label, /^ip saddr 10\.0\.0\.1 accept/);
    assert.doesNotMatch(label, /hunter2/);
  });
});

describe('names', () => {
  it('defines chains, sets and interfaces, and notes where they are used', () => {
    const { device } = read(
      'table ip x {\n set s { type ipv4_addr; }\n chain a { ip saddr @s accept; }\n chain f {\n  type filter hook forward priority 0\n  iifname { "eth0.210", "eth*" } jump a\n  oifname != "wan" drop\n }\n}\n',
    );
    assert.deepEqual(
      device.definitions.map(({ kind, name }) => `${kind} ${name}`),
      ['set ip x s', 'chain ip x a', 'chain ip x f', 'interface eth0.210'],
    );
    assert.deepEqual(
      device.references.map(({ kind, name }) => `${kind} ${name}`),
      ['set ip x s', 'chain ip x a'],
    );
    assert.deepEqual(
      device.interfaces.map(({ name, vlan }) => [name, vlan]),
      [['eth0.210', 210]],
    );
  });

  it('stand for what they were defined as where they are used', () => {
    const text = `define A = eth0\ndefine B = { $A, eth1 }\nredefine A = eth9\n${chainWith('iifname $B accept', 'iifname $A drop', 'iifname $C drop')}`;
    assert.deepEqual(rulesOf(read(text)), [
      'in=eth0,eth1 accept',
      'in=eth9 drop',
      '<$C is not defined in these files> drop',
    ]);
  });
});

describe('included files', () => {
  it('are read in their place, and named', () => {
    const reading = read('include "defs"\ntable inet fw {\n chain f {\n  include "rules"\n  drop\n }\n}\n', {
      defs: 'define LAN = eth7\n',
      rules: 'iifname $LAN accept\n',
    });
    assert.deepEqual(rulesOf(reading), ['in=eth7 accept', 'drop']);
    assert.deepEqual(reading.includes, ['defs', 'rules']);
    assert.equal(reading.device.chains?.get('inet fw f')?.rules.at(0)?.origin.file, 'rules');
  });

  it('that are not there may hold anything', () => {
    assert.deepEqual(rulesOf(read(`${chainWith('drop')}include "more"\n`)), [
      'unknown (more is not among the files)',
      'drop',
    ]);
    const within = read('table inet fw {\n chain f {\n  accept\n  include "more"\n  drop\n }\n}\n');
    assert.deepEqual(rulesOf(within), ['accept', 'unknown (more is not among the files)', 'drop']);
    const alone = read('include "more"\n').device;
    assert.equal(alone.policies?.length, 1);
  });

  it('that are not there held the definitions that are missing', () => {
    assert.deepEqual(rulesOf(read(`include "defs"\n${chainWith('iifname $LAN drop')}`)), [
      '<$LAN is not defined in these files> drop',
    ]);
  });

  it('may include each other in a circle', () => {
    const reading = read('include "a"\n', { a: 'include "b"\n', b: `include "a"\n${chainWith('drop')}` });
    assert.deepEqual(rulesOf(reading), ['drop']);
  });
});

describe('scripts', () => {
  const script = (...lines: string[]) =>
    [
      '#!/bin/sh',
      'nft add table inet fw',
      "nft add chain inet fw f '{ type filter hook forward priority 0; }'",
      ...lines,
      '',
    ].join('\n');

  it('are what the shell makes of them', () => {
    const text = script(
      'LAN="eth0"',
      'NETS="10.0.0.0/8, 10.1.0.0/16"',
      'nft add rule inet fw f iifname $LAN ip saddr { $NETS } accept # why not',
      'nft add rule inet fw f iifname "\u0024{LAN}" drop || exit 1',
      'nft "add rule inet fw f oifname \\"\u0024{LAN}\\" drop" 2>/dev/null',
      'nft add rule inet fw f \\',
      '  iifname eth5 counter \\',
      '  accept',
      'nft add rule inet fw f ip saddr $(hostname -i) accept',
      'nft add rule inet fw f iif eth6 accept; nft add rule inet fw f iif eth7 accept',
    );
    assert.deepEqual(rulesOf(read(text)), [
      'in=eth0 header accept',
      'in=eth0 drop',
      'out=eth0 drop',
      'in=eth5 accept',
      '<$_ is not defined in these files> accept',
      'in=eth6 accept',
      'in=eth7 accept',
    ]);
  });

  it('may not do what stands under a condition', () => {
    const text = script(
      'if [ -n "$1" ]; then',
      '  nft add rule inet fw f iif eth1 drop',
      'fi',
      'for x in a b; do nft add rule inet fw f iif eth2 drop; done',
      'test -f x && nft add rule inet fw f iif eth3 drop',
      'start() {',
      '  nft add rule inet fw f iif eth4 drop',
      '}',
      'nft add rule inet fw f iif eth5 drop',
    );
    assert.deepEqual(rulesOf(read(text)), [
      '<it stands under a condition of the script> in=eth1 drop',
      '<it stands in a loop of the script> in=eth2 drop',
      '<it stands behind a condition of the script> in=eth3 drop',
      '<it stands in a function of the script> in=eth4 drop',
      'in=eth5 drop',
    ]);
  });

  it('may undo under a condition what was done before', () => {
    const text = script(
      'nft add rule inet fw f drop',
      'if x; then',
      'nft flush chain inet fw f',
      'fi',
      'nft add rule inet fw f accept',
    );
    assert.deepEqual(rulesOf(read(text)), ['<it stands under a condition of the script> drop', 'accept']);
  });

  it('read files, and texts that follow', () => {
    const text = `#!/bin/sh\nnft -f rules\nnft -f - <<'EOF'\n${chainWith('iif eth2 drop')}EOF\ncat <<EOF\ntable ip no { chain x { drop; } }\nEOF\n`;
    const reading = read(text, { rules: chainWith('iif eth1 drop') });
    assert.deepEqual(rulesOf(reading), ['in=eth1 drop', 'in=eth2 drop']);
    assert.deepEqual(reading.claims, ['nftables inet fw']);
  });
});

describe('rules that act more than once', () => {
  it('ask their questions before they change the answers', () => {
    const reading = read(chainWith('meta mark 1 meta mark set 2 accept', 'ip saddr 10.0.0.1 meta mark set 2 accept'));
    assert.deepEqual(rulesOf(reading), ['mark jump inet fw f #1', 'header set-mark', 'header accept']);
    assert.deepEqual(rulesOf(reading, 'inet fw f #1'), ['set-mark', 'accept']);
  });

  it('go on behind themselves in a chain of its own, where they may return as well', () => {
    const reading = read(chainWith('meta mark set meta mark map { 1 : 2, 2 : 3 } udp dport 53 return', 'drop'));
    assert.deepEqual(rulesOf(reading), ['goto inet fw f #4', 'goto inet fw f #1']);
    assert.deepEqual(rulesOf(reading, 'inet fw f #4'), [
      'mark goto inet fw f #2',
      'mark goto inet fw f #3',
      'goto inet fw f #1',
    ]);
    assert.deepEqual(rulesOf(reading, 'inet fw f #2'), ['set-mark', 'header return', 'goto inet fw f #1']);
    assert.deepEqual(rulesOf(reading, 'inet fw f #1'), ['drop']);
  });

  it('leave a map behind one of its elements', () => {
    const reading = read(
      'table inet fw {\n chain a { accept; }\n chain f {\n  type filter hook forward priority 0\n  meta mark vmap { 1 : jump a, 2 : jump a, 3 : drop }\n }\n}\n',
    );
    assert.deepEqual(rulesOf(reading), ['mark drop', 'jump inet fw f #1']);
    assert.deepEqual(rulesOf(reading, 'inet fw f #1'), ['mark goto inet fw a', 'mark goto inet fw a']);
  });
});

describe('what nft 1.0.6 makes of two != on fields side by side', () => {
  it('is not certain', () => {
    assert.deepEqual(rulesOf(read(chainWith('tcp sport != 53 tcp dport != 1023 accept'))), [
      '(header !header header !header | header <versions of nft differ about two != on neighbouring fields> !(header header header header)) accept',
    ]);
    assert.deepEqual(rulesOf(read(chainWith('ip saddr != 10.0.0.1 ip daddr != 10.0.0.2 accept'))), [
      '!header !header accept',
    ]);
  });
});

it('reads no file as no device of anything', () => {
  const { device } = linuxNftables.read(new SourceFile('x', ''), 'fw');
  assert.deepEqual([device.policies, device.interfaces, device.name], [[], [], 'fw']);
});
