import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linuxRoutes } from '../../../server/src/core/dialects/linux-routes/index.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import { StatementState } from '../../../server/src/core/text/statements.js';
import { read } from './support/read.js';

/** Pieces of all the formats, so that random texts get deep into their readers. */
const PIECES =
  `ip route add|ip rule add|ip addr add|ip link set|10.0.0.0/8|10.20.10.1/24|via|dev|eth0|eth0.210|table 100|nexthop|metric
default|blackhole|throw|from|not|fwmark 0x1/0xff|lookup|32766:\\tfrom all lookup main|2: eth0: <UP> mtu 1500|    inet 10.0.0.1/24
iface eth0 inet static|auto eth0|    address 10.0.0.1|    up ip route add|source *|network:|  ethernets:|    eth0:|      routes:
      - to: 10.0.0.0/8|        via: 10.0.0.1|{to: a, via: [|}|]|"|'|&a|*a|: |- |#|\\t|[Match]|Name=eth0|[Network]|Gateway=10.0.0.1|[Route]
Destination=10.0.0.0/8|frr version 8.4|ip route 10.0.0.0/8 10.0.0.1|vrf blue|exit-vrf|interface eth0| ip address 10.0.0.1/24|router bgp 1
net.ipv4.ip_forward=0|net.ipv4.conf.eth0.rp_filter=1|#!/bin/sh|if x; then|fi|for x in|done|<<EOF|EOF|$(|\`|\\\\|$X|\${X:-|||&&|;|\\r`.split(
    /[|\n]/,
  );
const NAMES = ['r.txt', 'up.sh', 'interfaces', 'a.yaml', 'eth0.network', 'frr.conf', 'sysctl.conf'];

/** Reads, and holds that every line is in one statement that has a state. */
function check(text: string, name: string): void {
  const { statements } = read(text, `gw/${name}`);
  const { count, starts, states } = statements;
  assert.equal(count, new SourceFile('x', text).lineCount);
  for (let row = 0; row < count; row += 1) {
    assert.notEqual(states[row], StatementState.unread);
    assert.ok(row === 0 ? starts[row] === 0 : (starts[row] as number) > (starts[row - 1] as number));
  }
}

test('no text makes it throw, and every line ends in a state', () => {
  const piece = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() });
  const joint = fc.constantFrom(' ', ' ', '\n', '\n', '');
  const text = fc.array(fc.tuple(piece, joint), { maxLength: 40 }).map((all) => all.flat().join(''));
  fc.assert(
    fc.property(text, fc.constantFrom(...NAMES), (one, name) => check(one, name)),
    { numRuns: 1500 },
  );
});

test('hostile texts end soon', () => {
  const many = 20_000;
  for (const [name, text] of [
    ['a.yaml', `network:\n  ethernets:\n    eth0: ${'['.repeat(many)}`],
    [
      'a.yaml',
      `network:\n  ethernets:\n${Array.from({ length: 3000 }, (_, at) => `${' '.repeat(at + 4)}k:`).join('\n')}`,
    ],
    ['a.yaml', `network:\n  ethernets:\n    eth0: {${'{a: '.repeat(many)}`],
    ['a.yaml', `network:\n  ethernets:\n    e: ${'- '.repeat(many)}`],
    ['up.sh', `#!/bin/sh\nip route add ${'$('.repeat(many)}`],
    ['up.sh', `#!/bin/sh\n${'if x; then\n'.repeat(many)}ip route add default via 10.0.0.1\n`],
    ['r.txt', `default via 10.0.0.1 dev eth0\n${'nexthop '.repeat(many)}\n`],
    ['interfaces', `iface eth0 inet static\n${' up ip route add 10.0.0.0/8 via 10.0.0.1\n'.repeat(many)}`],
  ] as const) {
    check(text, name);
  }
});

test('ten thousand routes are read whole', () => {
  const lines = Array.from({ length: 10_000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24 via 192.0.2.1 dev eth1`);
  const { device } = read(`${lines.join('\n')}\n`);
  assert.equal(device.vrfs[0]?.staticRoutes.length, 10_000);
});

test('texts that are no configuration of a Linux device are not taken for one', () => {
  for (const [path, text] of [
    ['README.md', '# Setup\n\nRun this:\n\n```\nip route add default via 10.0.0.1\n```\n\nThen reboot.\n'],
    ['compose.yaml', 'version: "3"\nservices:\n  web:\n    image: x\nnetworks:\n  default:\n    driver: bridge\n'],
    ['site.yml', '- hosts: all\n  tasks:\n  - command: ip route add default via 10.0.0.1\n'],
    ['build.sh', '#!/bin/sh\nset -e\nmake all\ncp a b\n'],
    ['ssh.service', '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n'],
    [
      'r1.cfg',
      'hostname r1\n!\ninterface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n!\nip route 0.0.0.0 0.0.0.0 10.0.0.2\n',
    ],
    ['sw.cfg', 'interface Ethernet1\n   no switchport\n   ip address 10.0.0.1/24\n!\nip route 0.0.0.0/0 10.0.0.2\n'],
    ['a.json', '{"network": {"version": 2, "ethernets": {}}}\n'],
    ['rules.v4', '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth0 -j ACCEPT\nCOMMIT\n'],
  ] as const) {
    assert.equal(linuxRoutes.detect(new SourceFile(path, text)).score, 0, path);
  }
});
