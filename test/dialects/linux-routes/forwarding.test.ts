import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from './support/read.js';

/** What becomes of a packet that is to be forwarded: the rules and the end, in order. */
function forwardingOf(text: string, others: Readonly<Record<string, string>> = {}): string[] {
  const { policies = [], chains } = read(text, 'gw/sysctl.conf', others).device;
  return policies.flatMap(({ hook, end, chain }) => [
    ...[...(chains?.get(chain)?.rules ?? [])].map(
      ({ tests, action }) =>
        `${tests.map((one) => (one.kind === 'in' ? one.names.join() : one.kind)).join()} ${action.kind}`,
    ),
    `${hook} ${end.action}`,
  ]);
}

test('forwarding that is off stops all that would be forwarded', () => {
  assert.deepEqual(forwardingOf('net.ipv4.ip_forward=0\n'), ['forward drop']);
  assert.deepEqual(forwardingOf('net/ipv4/conf/all/forwarding = 0\n'), ['forward drop']);
  assert.deepEqual(forwardingOf('net.ipv4.ip_forward=1\n'), []);
  assert.deepEqual(forwardingOf('kernel.panic=1\nnet.ipv4.tcp_syncookies=1\n'), []);
});

test('later lines win, and the setting for all sets each', () => {
  assert.deepEqual(forwardingOf('net.ipv4.ip_forward=0\nnet.ipv4.ip_forward = 1\n'), []);
  assert.deepEqual(forwardingOf('net.ipv4.ip_forward=1\nnet.ipv4.conf.eth0.forwarding=0\n'), [
    'eth0 drop',
    'forward accept',
  ]);
  assert.deepEqual(forwardingOf('net.ipv4.conf.eth0.forwarding=0\nnet.ipv4.ip_forward=1\n'), []);
  assert.deepEqual(forwardingOf('net.ipv4.ip_forward=0\nnet.ipv4.conf.eth0/210.forwarding=1\n'), [
    'eth0.210 accept',
    'forward drop',
  ]);
});

test('what is for interfaces made later is not certain', () => {
  assert.deepEqual(forwardingOf('net.ipv4.ip_forward=1\nnet.ipv4.conf.default.forwarding=0\n'), [
    'undecidable drop',
    'forward accept',
  ]);
});

test('a file beside it that switches forwarding on leaves it undecided', () => {
  for (const [path, text] of [
    ['gw/99-router.conf', 'net.ipv4.ip_forward = 1\n'],
    ['gw/up.sh', '#!/bin/sh\necho 1 > /proc/sys/net/ipv4/ip_forward\n'],
    ['gw/eth0.network', '[Network]\nIPForward=yes\n'],
  ] as const) {
    assert.deepEqual(
      forwardingOf('net.ipv4.ip_forward=0\n', { [path]: text }),
      ['undecidable drop', 'forward accept'],
      path,
    );
  }
});

test('the reverse path filter of an interface', () => {
  const { device } = read('net.ipv4.conf.eth1.rp_filter=1\nnet.ipv4.ip_forward=1\n', 'gw/sysctl.conf');
  assert.equal(device.interfaces.find(({ name }) => name === 'eth1')?.reversePath?.mode, 'strict');
});
