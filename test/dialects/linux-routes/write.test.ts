import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linuxRoutes } from '../../../server/src/core/dialects/linux-routes/index.js';
import { applyEdits } from '../../../server/src/core/text/edit.js';
import { read, routesOf } from './support/read.js';

const DESTINATION = [{ ip: 0xca720400, length: 24 }];

/** The text with the route to nowhere written, and what is read of it. */
function written(text: string, name: string, vrf = 'default'): string | undefined {
  const reading = read(text, name);
  const edits = linuxRoutes.write.nullRoute?.(reading, vrf, DESTINATION, 'ICSMA-25-030-01');
  if (edits === undefined) return undefined;
  const after = applyEdits(text, edits);
  const route = vrf === 'default' ? '202.114.4.0/24 discard' : `${vrf}: 202.114.4.0/24 discard`;
  const routes = routesOf(read(after, name).device);
  assert.ok(
    routes.some((one) => one === route || one === `${route} [1]`),
    `${after}\n${routes.join('\n')}`,
  );
  assert.equal(routes.length, routesOf(reading.device).length + DESTINATION.length);
  return after;
}

test('FRR: below the last route of the table', () => {
  assert.equal(
    written('frr version 8.4\nip route 0.0.0.0/0 192.0.2.1\r\n!\nline vty\n', 'gw/frr.conf')?.split('\n')[2],
    '! ICSMA-25-030-01',
  );
  const inVrf = 'frr version 8.4\n!\nvrf blue\n ip route 0.0.0.0/0 10.99.0.1\nexit-vrf\n!\nline vty\n';
  assert.match(
    written(inVrf, 'gw/frr.conf', 'blue') ?? '',
    /\nip route 202\.114\.4\.0\/24 blackhole vrf blue\n!\nvrf blue\n/,
  );
  assert.match(written(inVrf, 'gw/frr.conf') ?? '', /\nip route 202\.114\.4\.0\/24 blackhole\n!\nvrf blue\n/);
});

test('ifupdown: in the last stanza that routes, with its indentation', () => {
  const text =
    'auto eth0\niface eth0 inet static\n\taddress 10.0.0.2/24\n\tgateway 10.0.0.1\n\nauto eth1\niface eth1 inet manual\n';
  assert.match(
    written(text, 'gw/interfaces') ?? '',
    /\tgateway 10\.0\.0\.1\n\t# ICSMA-25-030-01\n\tup ip route add blackhole 202\.114\.4\.0\/24\n\nauto eth1/,
  );
});

test('a script: below its last route', () => {
  const text =
    '#!/bin/sh\nip route add default via 10.0.0.1\nif x; then\n  ip route add 10.1.0.0/16 via 10.0.0.1\nfi\nexit 0\n';
  assert.match(
    written(text, 'gw/up.sh') ?? '',
    /via 10\.0\.0\.1\n# ICSMA-25-030-01\nip route add blackhole 202\.114\.4\.0\/24\nif x/,
  );
});

test('networkd: a section of its own', () => {
  assert.match(
    written('[Match]\nName=eth0\n[Network]\nAddress=10.0.0.2/24\nGateway=10.0.0.1', 'gw/eth0.network') ?? '',
    /\n# ICSMA-25-030-01\n\[Route\]\nDestination=202\.114\.4\.0\/24\nType=blackhole\n$/,
  );
});

test('netplan: among the routes of an interface, or as its first', () => {
  const head = 'network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses: [10.0.0.2/24]\n';
  const block = `${head}      routes:\n        - to: default\n          via: 10.0.0.1\n      mtu: 1400\n`;
  assert.match(
    written(block, 'gw/a.yaml') ?? '',
    /via: 10\.0\.0\.1\n {8}# ICSMA-25-030-01\n {8}- to: 202\.114\.4\.0\/24\n {10}type: blackhole\n {6}mtu/,
  );
  assert.match(
    written(`${head}      gateway4: 10.0.0.1\n`, 'gw/a.yaml') ?? '',
    /gateway4: 10\.0\.0\.1\n {6}routes:\n {8}# ICSMA-25-030-01\n {8}- to: 202\.114\.4\.0\/24\n {10}type: blackhole\n$/,
  );
});

test('what a device printed is no configuration to edit', () => {
  assert.equal(written('default via 10.0.0.1 dev eth0\n', 'gw/routes.txt'), undefined);
  assert.equal(written('net.ipv4.ip_forward=1\n', 'gw/sysctl.conf'), undefined);
});
