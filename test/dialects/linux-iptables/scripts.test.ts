/** Shell scripts that call iptables. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatChain, linesIn, policyOf, read, rulesOf } from './support/read.js';

const script = (lines: string): string => `#!/bin/sh\n${lines}\n`;

describe('commands', () => {
  it('are carried out one after another', () => {
    const reading = read(
      script(`iptables -F
iptables -P FORWARD DROP
iptables -N MED
/sbin/iptables -A FORWARD -s 10.0.0.0/8 -j MED # comment
sudo iptables -w 5 -I FORWARD -d 1.1.1.1 -j DROP
iptables -t nat -A POSTROUTING -o wan -j MASQUERADE
iptables --table mangle --append FORWARD -j MARK --set-mark 1 > /dev/null 2>&1
iptables -A MED -p tcp \\
    --dport 80 \\
    -j ACCEPT`),
    );
    assert.equal(policyOf(reading, 'filter FORWARD').end.action, 'drop');
    assert.deepEqual(formatChain(reading, 'filter FORWARD'), [
      '[dst 1.1.1.1] drop',
      '[src 10.0.0.0~0.255.255.255] jump filter MED',
    ]);
    assert.deepEqual(formatChain(reading, 'filter MED'), ['[tcp dport 80] accept']);
    assert.deepEqual(formatChain(reading, 'nat POSTROUTING'), ['out=wan src := interface']);
    assert.deepEqual(formatChain(reading, 'mangle FORWARD'), ['mark := 0x1/0xffffffff']);
    assert.deepEqual(linesIn('unknown', reading), []);
    assert.deepEqual(linesIn('unmodelled', reading), []);
  });

  it('may stand behind each other on a line', () => {
    assert.deepEqual(rulesOf(script('iptables -N A && iptables -A FORWARD -j A; iptables -A FORWARD -j DROP')), [
      'jump filter A',
      'drop',
    ]);
  });

  it('in a capture stand behind a prompt', () => {
    assert.deepEqual(rulesOf('root@fw:~# iptables -A FORWARD -j DROP\nroot@fw:~# exit\n'), ['drop']);
  });

  it('and the prompt that the capture ends with says nothing', () => {
    for (const prompt of ['root@fw:~#', '[root@fw ~]#', 'admin@fw:/etc$', 'admin@fw>']) {
      const reading = read(`*filter\n-A FORWARD -j DROP\nCOMMIT\n${prompt}\n`);
      assert.deepEqual(linesIn('unknown', reading), []);
      assert.deepEqual(linesIn('ignored', reading), [prompt]);
    }
    assert.deepEqual(linesIn('unknown', read('*filter\n-A FORWARD -j DROP\nCOMMIT\nfw#\n')), ['fw#']);
  });

  it('behind an end are not carried out', () => {
    assert.deepEqual(rulesOf(script('iptables -A FORWARD -j DROP\nexit 0\niptables -I FORWARD -j ACCEPT')), ['drop']);
  });

  it('of ip6tables are others', () => {
    assert.deepEqual(rulesOf(script('ip6tables -A FORWARD -j ACCEPT\niptables -A FORWARD -j DROP')), ['drop']);
  });
});

describe('changes whose rules no word of the script says', () => {
  const others = [
    'iptables-restore < /etc/iptables/rules.v4',
    '/sbin/iptables-restore -n /etc/more.rules',
    'iptables-save | grep -v old | iptables-restore',
    'cat list | xargs -I% iptables -A FORWARD -s % -j ACCEPT',
    'sh -c "iptables -A FORWARD -j ACCEPT"',
  ];
  for (const command of others) {
    it(`${command}: who knows what is permitted now`, () => {
      const reading = read(script(`iptables -P FORWARD DROP\n${command}\niptables -A FORWARD -i a -j ACCEPT`));
      const [first, ...rest] = formatChain(reading, 'filter FORWARD');
      assert.match(first ?? '', /^unknown rules are /);
      assert.equal(rest[0], 'in=a accept');
      assert.deepEqual(linesIn('unmodelled', reading), [command]);
    });
  }

  it('are over when all is flushed and the policy is set again', () => {
    const text = script(
      'iptables-restore < /etc/rules\niptables -F\niptables -P FORWARD DROP\niptables -A FORWARD -i a -j ACCEPT',
    );
    assert.deepEqual(rulesOf(text), ['in=a accept']);
    assert.equal(policyOf(read(text), 'filter FORWARD').end.action, 'drop');
    const kept = rulesOf(script('iptables -P FORWARD DROP\niptables-restore < /etc/rules\niptables -F'));
    assert.match(kept.at(-1) ?? 'nothing', /restored/);
  });

  it('are none where nothing is loaded', () => {
    for (const command of [
      'iptables-restore -t < /etc/rules',
      'command -v iptables',
      'echo a | xargs echo',
      'sh -c "date"',
    ]) {
      const reading = read(script(`iptables -P FORWARD DROP\n${command}\niptables -A FORWARD -i a -j ACCEPT`));
      assert.deepEqual(formatChain(reading, 'filter FORWARD'), ['in=a accept']);
      assert.deepEqual(
        [...linesIn('unknown', reading), ...linesIn('unmodelled', reading)].filter((line) => line !== 'sh -c "date"'),
        [],
      );
    }
  });

  it('may be of the members of sets', () => {
    const rule = 'iptables -A FORWARD -m set --match-set x src -j ACCEPT';
    for (const command of ['ipset restore < /etc/ipset.conf', 'cat list | xargs -n1 ipset add x']) {
      assert.match(
        rulesOf(script(`ipset create x hash:ip\n${command}\n${rule}`))[0] ?? '',
        /^\?set x: sets are .*\? accept$/,
      );
    }
    assert.deepEqual(rulesOf(script(`ipset create x hash:ip\nipset add x 10.0.0.1\n${rule}`)), [
      '[src 10.0.0.1] accept',
    ]);
  });
});

describe('signs of the shell that are no commands', () => {
  for (const line of [
    'PORTS=(80 443)',
    'declare -a PORTS=("80" "443")',
    'PORTS=(\n  80\n  443\n)',
    'PORTS+=(81)',
    '[[ "$a" =~ ^(x|y)$ ]] && echo yes',
    'if (( $# < 1 )); then echo usage; fi',
    '((count++))',
    'for (( i=0; i<3; i++ )); do echo $i; done',
    'say() {\n  echo "$1"\n}\nsay hello',
    'function tell {\n  echo "$1"\n}\ntell hello',
    'case "$1" in\n  start|restart)\n  echo\n  ;;\n  -h | --help) echo;;\n  (again) $0 stop;;\n  *)\n  exit 1\n  ;;\nesac',
    'case "$1" in\n  --rules) iptables -nvL --line-numbers;;\n  *) # all others\n  iptables -t nat -nL\n  ;;\nesac',
  ]) {
    it(JSON.stringify(line), () => {
      const reading = read(script(`iptables -P FORWARD DROP\n${line}\niptables -A FORWARD -i a -j ACCEPT`));
      assert.deepEqual(formatChain(reading, 'filter FORWARD'), ['in=a accept']);
      assert.deepEqual([...linesIn('unknown', reading), ...linesIn('unmodelled', reading)], []);
    });
  }

  it('a list of words is nothing that could be told', () => {
    assert.deepEqual(rulesOf(script('P=(80 443)\niptables -A FORWARD -p tcp --dport $P -j ACCEPT')), [
      '[tcp] ?--dport $P? accept',
    ]);
  });

  it('a command behind a pattern is carried out perhaps', () => {
    const text =
      'case "$1" in\n  a | b) iptables -A FORWARD -s 10.0.0.1 -j DROP;;\n  *) iptables -A FORWARD -j ACCEPT;;\nesac';
    assert.deepEqual(rulesOf(script(text)), [
      '[src 10.0.0.1] ?it stands under a condition of the script? drop',
      '?it stands under a condition of the script? accept',
    ]);
  });

  it('a condition is one all the same', () => {
    const text = 'if [[ -n "$A" && ( -z "$B" ) ]]; then\niptables -A FORWARD -j ACCEPT\nfi';
    assert.deepEqual(rulesOf(script(text)), ['?it stands under a condition of the script? accept']);
    assert.deepEqual(rulesOf(script('[[ -n "$A" ]] && iptables -A FORWARD -j ACCEPT')), [
      '?it depends on the command before it? accept',
    ]);
  });
});

describe('commands by way of another program', () => {
  for (const command of [
    'sudo -u root iptables',
    'sudo --user=root iptables',
    'env LC_ALL=C iptables',
    'nice -n 5 iptables',
  ]) {
    it(command, () => assert.deepEqual(rulesOf(script(`${command} -A FORWARD -j DROP`)), ['drop']));
  }
});

describe('variables', () => {
  it('that the file sets are followed', () => {
    const text = script(`IPT=/sbin/iptables
IPT="$IPT -w"
LAN='10.0.0.0/24'
export WAN="eth1"
\${IPT} -A FORWARD -s $LAN -o "$WAN" -j ACCEPT
$IPT -A FORWARD -m comment --comment "to $WAN" -d \${LAN} -j DROP`);
    assert.deepEqual(rulesOf(text), ['[src 10.0.0.0~0.0.0.255] out=eth1 accept', '[dst 10.0.0.0~0.0.0.255] drop']);
  });

  it('that stand for where the program is are followed', () => {
    for (const value of ['$(which iptables)', '`command -v iptables`', '\u0024{IPTABLES:-/sbin/iptables}']) {
      assert.deepEqual(rulesOf(script(`IPT=${value}\n$IPT -A FORWARD -j DROP`)), ['drop']);
    }
  });

  it('that it does not set cannot be told', () => {
    const rules = rulesOf(
      script(`iptables -A FORWARD -s $LAN -j ACCEPT
iptables -A FORWARD -d 1.1.1.1 -j $VERDICT
iptables -A FORWARD $OPTIONS -j ACCEPT
iptables -A FORWARD -s $(hostname -i) -j ACCEPT
$IPTABLES -A FORWARD -i $1 -j DROP`),
    );
    assert.deepEqual(rules, [
      '?-s $LAN? accept',
      '[dst 1.1.1.1] unknown the target is not in this file',
      '?$OPTIONS? accept',
      '?-s $(hostname -i)? accept',
      '?-i $1? drop',
    ]);
  });

  it('that name a chain make all chains doubtful', () => {
    const rules = rulesOf(
      script('iptables -P FORWARD DROP\niptables -A $CHAIN -j ACCEPT\niptables -A FORWARD -d 1.1.1.1 -j DROP'),
    );
    assert.deepEqual(rules, ['unknown a chain is named by what this file does not set', '[dst 1.1.1.1] drop']);
  });

  it('set under a condition may be the one or the other', () => {
    const text = script(
      'LAN=10.0.0.0/8\nif [ -n "$X" ]; then\n LAN=0.0.0.0/0\nfi\niptables -A FORWARD -s $LAN -j DROP',
    );
    assert.deepEqual(rulesOf(text), ['?-s $LAN? drop']);
  });
});

describe('what may not be carried out', () => {
  const CONDITION = '?it stands under a condition of the script?';
  for (const [name, text, rules] of [
    [
      'behind if',
      'if [ -f /x ]; then\n iptables -A FORWARD -j ACCEPT\nelse\n iptables -A FORWARD -j DROP\nfi\niptables -A FORWARD -j DROP',
      [`${CONDITION} accept`, `${CONDITION} drop`, 'drop'],
    ],
    [
      'behind if, on one line',
      'if true; then iptables -A FORWARD -j ACCEPT; fi; iptables -A FORWARD -j DROP',
      [`${CONDITION} accept`, 'drop'],
    ],
    [
      'in a case',
      'case "$1" in\n start)\n iptables -A FORWARD -j ACCEPT\n ;;\n stop|x) iptables -A FORWARD -j DROP ;;\nesac',
      [`${CONDITION} accept`, `${CONDITION} drop`],
    ],
    [
      'in a loop',
      'for ip in $LIST; do\n iptables -A FORWARD -s $ip -j DROP\ndone',
      ['?-s $ip? ?it stands in a loop of the script? drop'],
    ],
    [
      'in a function',
      'start() {\n iptables -A FORWARD -j ACCEPT\n}\niptables -A FORWARD -j DROP',
      ['?it stands in a function of the script? accept', 'drop'],
    ],
    [
      'behind another command',
      '[ -f /x ] && iptables -A FORWARD -j ACCEPT',
      ['?it depends on the command before it? accept'],
    ],
    [
      'behind an end under a condition',
      'if x; then exit 0; fi\niptables -A FORWARD -j DROP',
      ['?the script may have ended before it? drop'],
    ],
  ] as const) {
    it(name, () => assert.deepEqual(rulesOf(script(text)), rules));
  }

  it('a failure is no end: it leaves a script that did not do its work', () => {
    assert.deepEqual(rulesOf(script('if x; then exit 1; fi\niptables -A FORWARD -j DROP')), ['drop']);
  });

  it('a rule that is put there unless it is there is there', () => {
    assert.deepEqual(rulesOf(script('iptables -C FORWARD -j DROP || iptables -A FORWARD -j DROP')), ['drop']);
  });

  it('a policy under a condition may be either', () => {
    const reading = read(script('if x; then iptables -P FORWARD DROP; fi\niptables -A FORWARD -d 1.1.1.1 -j DROP'));
    assert.equal(policyOf(reading, 'filter FORWARD').end.action, 'drop');
    assert.deepEqual(formatChain(reading, 'filter FORWARD'), ['[dst 1.1.1.1] drop', `${CONDITION} accept`]);
  });

  it('a flush under a condition may have emptied the chain', () => {
    assert.deepEqual(rulesOf(script('iptables -A FORWARD -j DROP\nif x; then iptables -F; fi')), [`${CONDITION} drop`]);
  });

  it('an insertion in a function may stand before all that is there', () => {
    const rules = rulesOf(script('f() { iptables -I FORWARD -j ACCEPT; }\niptables -A FORWARD -j DROP'));
    assert.match(rules[0] ?? '', /^unknown/);
  });

  it('another script that is read in may do anything to what is there', () => {
    assert.match(rulesOf(script('iptables -A FORWARD -j DROP\n. /etc/firewall/more.sh'))[0] ?? '', /^unknown/);
    assert.deepEqual(rulesOf(script('. /etc/default/firewall\niptables -A FORWARD -j DROP')), ['drop']);
  });

  it('another script that is run may, too, and a program of the system does not', () => {
    for (const call of ['/etc/fw/more.sh', 'sh /etc/fw/more start', 'sudo /usr/local/sbin/open-ports', 'my-fw.sh']) {
      assert.match(rulesOf(script(`iptables -A FORWARD -j DROP\n${call}`))[0] ?? '', /^unknown/, call);
    }
    for (const call of [
      '/usr/sbin/ntpdate',
      'sh -c "echo done"',
      '/etc/init.d/dnsmasq restart',
      '. /lib/lsb/init-functions',
    ])
      assert.deepEqual(rulesOf(script(`iptables -A FORWARD -j DROP\n${call}`)), ['drop'], call);
  });

  for (const [how, call] of [
    ['in the output of a command', 'echo "$(/etc/fw/more)"'],
    ['by another program', 'nohup /etc/fw/more &'],
    ['by a shell that is fed', 'cat /etc/fw/more | sh'],
    ['by the name that a variable holds', 'for hook in /etc/fw.d/*; do $hook; done'],
    ['at the end', "trap '/etc/fw/more' EXIT"],
    ['by a service that stops', 'service iptables stop'],
  ] as const) {
    it(`another script that is run ${how} may, too`, () => {
      assert.match(rulesOf(script(`iptables -A FORWARD -j DROP\n${call}`))[0] ?? '', /^unknown/);
    });
  }

  it('all tables that are there are in doubt', () => {
    const reading = read(script('iptables -t raw -A PREROUTING -j DROP\n. /etc/fw/more'));
    assert.match(formatChain(reading, 'raw PREROUTING')[0] ?? '', /^unknown/);
  });

  it('what a function does, it does where it is called', () => {
    for (const name of ['open', 'fw_open']) {
      const rules = rulesOf(
        script(`${name}() {\n  iptables -A FORWARD -j ACCEPT\n}\niptables -F\niptables -P FORWARD DROP\n${name}`),
      );
      assert.match(rules[0] ?? '', /^unknown/, name);
    }
    assert.deepEqual(rulesOf(script('fw_say() {\n  echo "$1"\n}\niptables -A FORWARD -j DROP\nfw_say done')), ['drop']);
  });

  it('what the script does when it ends, it does behind all else', () => {
    const lines = (signal: string) =>
      script(`clear() {\n  iptables -F\n}\ntrap clear ${signal}\niptables -F\niptables -A FORWARD -j DROP`);
    assert.match(rulesOf(lines('EXIT'))[0] ?? '', /^unknown/);
    assert.deepEqual(rulesOf(lines('INT')), ['drop']);
  });

  it('a function may stand on one line, and may call others', () => {
    assert.match(
      rulesOf(script('iptables -A FORWARD -j DROP\nfunction open { iptables -F; }\nopen'))[0] ?? '',
      /^unknown/,
    );
    assert.match(
      rulesOf(script('a() {\n b\n}\nb() {\n iptables -F\n}\niptables -F\niptables -A FORWARD -j DROP\na'))[0] ?? '',
      /^unknown/,
    );
  });

  it('a function may set variables anew', () => {
    assert.deepEqual(
      rulesOf(script('load() {\n LAN=10.0.0.0/8\n}\nLAN=0.0.0.0/0\nload\niptables -A FORWARD -s $LAN -j DROP')),
      ['?-s $LAN? drop'],
    );
  });

  it('another script that a function runs may do so to all that is there in the end', () => {
    const rules = rulesOf(script('more() {\n  /etc/fw/more.sh\n}\niptables -A FORWARD -j DROP\nmore'));
    assert.match(rules[0] ?? '', /^unknown/);
  });

  it('a command that is not known may be a function of a script that was read in', () => {
    const lines = (start: string) => script(`${start}\niptables -F\niptables -A FORWARD -j DROP\nopen_web eth0`);
    assert.match(rulesOf(lines('. /etc/fw/functions'))[0] ?? '', /^unknown/);
    assert.deepEqual(rulesOf(lines('. /etc/default/fw')), ['drop']);
  });

  it('settings that are read in may say another value, and not of what is set behind them', () => {
    const rule = 'iptables -A FORWARD -d $LAN -j DROP';
    assert.deepEqual(rulesOf(script(`LAN=10.0.0.0/8\n. /etc/default/fw\n${rule}`)), ['?-d $LAN? drop']);
    assert.deepEqual(rulesOf(script(`. /etc/default/fw\nLAN=10.0.0.0/8\n${rule}`)), [
      '[dst 10.0.0.0~0.255.255.255] drop',
    ]);
  });
});

describe('texts inside a script', () => {
  it('that iptables-restore is given are its tables', () => {
    const text = script(
      'LAN=10.0.0.0/8\niptables -A FORWARD -j ACCEPT\niptables-restore <<EOF\n*filter\n:FORWARD DROP [0:0]\n-A FORWARD -s $LAN -j ACCEPT\nCOMMIT\nEOF',
    );
    assert.deepEqual(rulesOf(text), ['[src 10.0.0.0~0.255.255.255] accept']);
  });

  it('that are added to what is there', () => {
    const text = script(
      "iptables -A FORWARD -d 1.1.1.1 -j DROP\ncat <<'EOF' | iptables-restore --noflush\n*filter\n-A FORWARD -j ACCEPT\nCOMMIT\nEOF",
    );
    assert.deepEqual(rulesOf(text), ['[dst 1.1.1.1] drop', 'accept']);
  });

  it('that are for something else are nothing', () => {
    assert.deepEqual(
      rulesOf(script('cat > /etc/motd <<EOF\niptables -A FORWARD -j ACCEPT\nEOF\niptables -A FORWARD -j DROP')),
      ['drop'],
    );
  });
});

describe('what may be a command of iptables', () => {
  const UNKNOWN = '?what calls it is not known?';
  for (const [name, line, rules] of [
    ['called by a variable of another name', '$exe -A FORWARD -j ACCEPT', [`${UNKNOWN} accept`]],
    ['called by a function', 'add_rule -A FORWARD -d 1.1.1.1 -j ACCEPT', [`[dst 1.1.1.1] ${UNKNOWN} accept`]],
    ['handed to a function', 'run iptables -A FORWARD -j ACCEPT', [`${UNKNOWN} accept`]],
  ] as const) {
    it(`${name} may be carried out`, () => {
      assert.deepEqual(rulesOf(script(`iptables -P FORWARD DROP\n${line}`)), rules);
    });
  }
});
