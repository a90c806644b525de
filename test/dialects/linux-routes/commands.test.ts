import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOf, doubtsOf, interfacesOf, linesIn, routesOf, rulesOf } from './support/read.js';

/** The routes of a script of these lines. */
function scriptOf(...lines: readonly string[]) {
  return deviceOf(['#!/bin/sh', ...lines, ''].join('\n'), 'gw/setup.sh');
}

test('routes of every form', () => {
  const device = scriptOf(
    'ip route add default via 192.0.2.1 dev eth1 metric 300',
    'sudo /sbin/ip -4 r a 10/8 via 10.20.10.9',
    'ip route add blackhole 202.114.4.0/24',
    'ip route add unreachable 10.1.0.0/16 metric 4278198272',
    'ip route add default via 10.20.10.3 table 100',
    'ip route add 10.2.0.0/16 nexthop via 10.20.10.4 dev eth0 nexthop via 10.20.10.5 dev eth0 weight 2',
    'ip route add 10.3.0.0/16 via inet6 fe80::1 dev eth0',
    'route add -net 172.16.0.0 netmask 255.240.0.0 gw 10.20.10.8',
    'route add -net 10.4.0.0/16 reject',
    'route add -host 10.5.0.1 gw 10.20.10.8 metric 2',
    'route add default gw 192.0.2.9 eth1',
    'ip -6 route add default via fe80::1',
  );
  assert.deepEqual(routesOf(device), [
    '0.0.0.0/0 via 192.0.2.1 dev eth1 [300]',
    '10.0.0.0/8 via 10.20.10.9',
    '202.114.4.0/24 discard',
    '10.1.0.0/16 discard [4278198272]',
    '10.2.0.0/16 via 10.20.10.4 dev eth0',
    '10.2.0.0/16 via 10.20.10.5 dev eth0',
    '10.3.0.0/16 dev eth0',
    '172.16.0.0/12 via 10.20.10.8',
    '10.4.0.0/16 discard',
    '10.5.0.1/32 via 10.20.10.8 [2]',
    '0.0.0.0/0 via 192.0.2.9 dev eth1',
    'table 100: 0.0.0.0/0 via 10.20.10.3 in default',
  ]);
  assert.deepEqual(doubtsOf(device), []);
});

test('what is there already stays, and is first', () => {
  const lines = ['ip route add 10.1.0.0/16 via 10.0.0.1', 'ip route add 10.1.0.0/16 via 10.0.0.2'];
  assert.deepEqual(routesOf(scriptOf(...lines)), ['10.1.0.0/16 via 10.0.0.1']);
  assert.deepEqual(routesOf(scriptOf(...lines, 'ip route replace 10.1.0.0/16 via 10.0.0.3')), [
    '10.1.0.0/16 via 10.0.0.3',
  ]);
  assert.deepEqual(routesOf(scriptOf(...lines, 'ip route del 10.1.0.0/16')), []);
});

test('what a script takes away and has not added is in doubt, unless it puts something in its place', () => {
  assert.equal(doubtsOf(scriptOf('ip route del default', 'ip route add 10.0.0.0/8 via 10.0.0.1')).length, 1);
  assert.deepEqual(doubtsOf(scriptOf('ip route del default', 'ip route add default via 10.0.0.1')), []);
  assert.equal(doubtsOf(scriptOf('ip route add default via 10.0.0.1', 'ip route flush table main')).length, 1);
  assert.deepEqual(doubtsOf(scriptOf('ip route flush cache')), []);
});

test('what stands under a condition is not certain', () => {
  const [inside, behind, after] = routesOf(
    scriptOf(
      'if [ "$1" = start ]; then',
      '  ip route add 10.1.0.0/16 via 10.0.0.1',
      'fi',
      'ip route add 10.2.0.0/16 via 10.0.0.1',
      'test -e /etc/x && ip route add 10.3.0.0/16 via 10.0.0.1',
    ),
  );
  assert.match(inside as string, /inside of "if/);
  assert.equal(behind, '10.2.0.0/16 via 10.0.0.1');
  assert.match(after as string, /only where/);
});

test('variables that are set are put in, and others leave a doubt', () => {
  const device = scriptOf('GW=10.0.0.1', "DEV='eth1'", `ip route add default via "$GW" dev \${DEV} # to the world`);
  assert.deepEqual(routesOf(device), ['0.0.0.0/0 via 10.0.0.1 dev eth1']);
  for (const line of [
    'ip route add default via $GW',
    'ip route add $NET via 10.0.0.1',
    '$IP route add $NET via 10.0.0.1',
  ]) {
    assert.equal(doubtsOf(scriptOf(line)).length, 1, line);
  }
  // Two values of which one depends: neither is certain.
  assert.equal(
    doubtsOf(scriptOf('GW=10.0.0.1', 'if x; then', 'GW=10.0.0.2', 'fi', 'ip route add default via $GW')).length,
    1,
  );
});

test('joined lines, several commands on a line, and text for other commands', () => {
  const device = scriptOf(
    'ip route add 10.1.0.0/16 \\',
    '  via 10.0.0.1',
    'ip route add 10.2.0.0/16 via 10.0.0.1; ip route add 10.3.0.0/16 via 10.0.0.1 2>/dev/null || true',
    'cat > /tmp/x <<EOF',
    'ip route add 10.4.0.0/16 via 10.0.0.1',
    'EOF',
  );
  assert.deepEqual(routesOf(device), [
    '10.1.0.0/16 via 10.0.0.1',
    '10.2.0.0/16 via 10.0.0.1',
    '10.3.0.0/16 via 10.0.0.1',
  ]);
});

test('links and addresses', () => {
  const device = scriptOf(
    'ip link add link eth0 name medical type vlan id 210',
    'ip link add br0 type bridge',
    'ip link set eth4 master br0',
    'ip link add blue type vrf table 10',
    'ip link set dev eth6 master blue up',
    'ip link set eth7 down',
    'ip addr add 10.20.10.1/24 brd + dev medical',
    'ip addr add 10.99.0.1 peer 10.99.0.2/32 dev eth6',
    'ip addr add 2001:db8::1/64 dev medical',
    'vconfig add eth0 300',
    'ifconfig eth5 10.50.0.1 netmask 255.255.0.0 up',
    'ip route add default via 10.99.0.2 dev eth6 table 10',
    'dhclient eth8',
  );
  assert.deepEqual(interfacesOf(device), [
    'eth0 physical',
    'medical subinterface vlan 210 10.20.10.1 in 10.20.10.0/24',
    'br0 other',
    'eth4 physical port',
    'blue other',
    'eth6 physical vrf blue 10.99.0.1 in 10.99.0.2/32',
    'eth7 physical down',
    'eth0.300 subinterface vlan 300',
    'eth5 physical 10.50.0.1 in 10.50.0.0/16',
    'eth8 physical learns by dhclient',
  ]);
  assert.deepEqual(routesOf(device), ['blue: 0.0.0.0/0 via 10.99.0.2 dev eth6']);
  // The rule for VRFs is there as soon as there is one, and their tables give way to the main one.
  assert.deepEqual(rulesOf(device), ['1000: in eth6 table blue', '32766: table default', '32767: table table default']);
});

test('rules, and the numbers that the kernel gives', () => {
  const device = scriptOf(
    'ip rule add from 10.20.10.0/24 table 100',
    'ip rule add to 10.66.0.0/16 prohibit',
    'ip rule add fwmark 0x2/0xf iif eth0 lookup 101 prio 500',
    'ip rule add not from 10.0.0.0/8 fwmark 1 lookup 102 pref 600',
    'ip rule add ipproto tcp dport 80 lookup main suppress_prefixlength 0 pref 700',
    'ip rule add oif eth1 lookup 103 pref 800',
    'ip rule add tos 0x10 lookup 104 pref 900',
    'ip -6 rule add from 2001:db8::/32 lookup 105',
  );
  assert.deepEqual(rulesOf(device), [
    '500: mark 2/f in eth0 table table 101',
    '600: not (src 10.0.0.0/8 and mark 1/ffffffff) table table 102',
    '700: proto 6:80 table default beyond /0',
    '800: () table table 103',
    '900: perhaps(tos 0x10) table table 104',
    '32764: dst 10.66.0.0/16 discard',
    '32765: src 10.20.10.0/24 table table 100',
    '32766: table default',
    '32767: table table default',
  ]);
});

test('a rule that is not understood may do anything', () => {
  assert.deepEqual(rulesOf(scriptOf('ip rule add from $NET lookup 100'))[0], '0: unknown');
  assert.deepEqual(rulesOf(scriptOf('ip rule add quantum 7 lookup 100 pref 5'))[0], '32765: unknown');
});

test('a firewall of another dialect is not taken to stop anything', () => {
  const text = '#!/bin/sh\nip route add default via 10.0.0.1\niptables -P FORWARD DROP\nfrobnicate\n';
  assert.deepEqual(linesIn('unmodelled', text, 'gw/setup.sh'), ['iptables -P FORWARD DROP']);
  assert.deepEqual(linesIn('unknown', text, 'gw/setup.sh'), ['frobnicate']);
});

test('what a table throws back goes on to the next rule, unless a better route of the table decides', () => {
  const ruleOf = (...lines: readonly string[]) =>
    rulesOf(scriptOf('ip rule add from all lookup 100 pref 1', ...lines))[0];
  const thrown = 'ip route add throw 10.0.0.0/8 table 100 metric 5';
  assert.equal(ruleOf(thrown), '1: not (dst 10.0.0.0/8) table table 100');
  assert.equal(
    ruleOf(thrown, 'ip route add 10.1.0.0/16 dev eth1 table 100'),
    '1: not (dst 10.0.0.0/8 and not dst 10.1.0.0/16) table table 100',
  );
  assert.equal(ruleOf(thrown, 'ip route add 10.0.0.0/8 dev eth1 table 100'), '1: table table 100');
  // A route that may be absent, or a rule that is elsewhere: it cannot be told.
  assert.equal(
    doubtsOf(scriptOf('ip rule add from all lookup 100', thrown, 'x && ip route add 10.1.0.0/16 dev eth1 table 100'))
      .length,
    1,
  );
  assert.equal(doubtsOf(scriptOf(thrown)).length, 1);
});

test('what another program tells ip is in doubt, and what it tells another device is nothing of this one', () => {
  const doubts = (line: string): string[] => {
    const device = deviceOf(`#!/bin/bash\n${line}\nip route add 10.1.0.0/16 via 10.0.0.2\n`, 'gw/up.sh');
    const rules = device.routingRules ?? [];
    return [...doubtsOf(device), ...rules.flatMap(({ action }) => (action.kind === 'unknown' ? [action.words] : []))];
  };
  for (const line of [
    'cat routes | xargs -n3 ip route add',
    'bash -c "ip route add 10.4.0.0/16 via 10.0.0.4"',
    'timeout 5 ip rule add from 10.0.0.0/8 table 100',
    'ip -batch /etc/routes.batch',
  ]) {
    assert.equal(doubts(line).length, 1, line);
    assert.deepEqual(
      linesIn('unknown', `#!/bin/bash\n${line}\nip route add 10.1.0.0/16 via 10.0.0.2\n`, 'gw/up.sh'),
      [],
    );
  }
  for (const line of [
    'echo "ip route add 10.4.0.0/16 via 10.0.0.4"',
    'ssh other ip route add 10.4.0.0/16 via 10.0.0.4',
    'bash -c "ip route show"',
  ]) {
    assert.deepEqual(doubts(line), [], line);
  }
});

test('sudo with options, and signs of bash that are no commands', () => {
  const text = `#!/bin/bash
NETS=(10.1.0.0/16 10.2.0.0/16)
if (( EUID != 0 )); then
  exit 1
fi
[[ "$1" =~ ^(up|start)$ ]] || exit 0
say() {
  echo "$1"
}
say hello
sudo -u root ip route add 10.3.0.0/16 via 10.0.0.3
sudo -n ip route add 10.4.0.0/16 via 10.0.0.4
sudo --user root --preserve-env LC_ALL=C ip route add 10.5.0.0/16 via 10.0.0.5
`;
  assert.deepEqual(routesOf(deviceOf(text, 'gw/up.sh')), [
    '10.3.0.0/16 via 10.0.0.3',
    '10.4.0.0/16 via 10.0.0.4',
    '10.5.0.0/16 via 10.0.0.5',
  ]);
  assert.deepEqual(linesIn('unknown', text, 'gw/up.sh'), []);
});
