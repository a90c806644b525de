/** Scripts of many lines that each put everything in doubt. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workspace } from '../../../server/src/core/workspace.js';

const SITE = JSON.stringify({ segments: [{ name: 'monitors', interfaces: ['eth0.210'] }] });
const HEAD = `#!/bin/sh
ip addr add 10.20.10.1/24 dev eth0.210
ip addr add 192.0.2.2/30 dev eth1
ip route add default via 192.0.2.1
`;

for (const [name, line] of [
  ['calls of scripts', '/etc/fw/more\n'],
  ['routes with words that are not known', 'ip route add $NET via $HOP\n'],
] as const) {
  test(`${name}, a hundred thousand of them, are judged`, () => {
    const workspace = new Workspace();
    workspace.setSite('advisory-lens.json', SITE);
    workspace.setFile('gw/routes.sh', `${HEAD}${line.repeat(100_000)}`);
    workspace.setFile('gw/rules.v4', '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -d 202.114.4.0/24 -j ACCEPT\nCOMMIT\n');
    const verdicts = workspace.report().verdicts.map(({ flow, verdict }) => `${flow} ${verdict}`);
    assert.ok(verdicts.includes('outbound possible'), verdicts.join());
  });
}
