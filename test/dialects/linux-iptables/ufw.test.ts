/** The rule files of ufw, read together as ufw-init loads them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chainOf, folder, formatChain, linesIn, policyOf, read } from './support/read.js';

const BEFORE = `*filter
:ufw-before-input - [0:0]
:ufw-before-forward - [0:0]
-A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.0.0.0/8 -o wan -j MASQUERADE
COMMIT
`;
const AFTER = '*filter\n:ufw-after-input - [0:0]\n:ufw-after-forward - [0:0]\nCOMMIT\n';
const USER = `*filter
:ufw-user-input - [0:0]
:ufw-user-forward - [0:0]
:ufw-before-logging-forward - [0:0]
:ufw-user-limit - [0:0]
### RULES ###

### tuple ### route:allow tcp 80 0.0.0.0/0 any 10.20.10.0/24 in
-A ufw-user-forward -p tcp -s 10.20.10.0/24 --dport 80 -j ACCEPT

### END RULES ###
COMMIT
`;
const DEFAULTS = 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\nDEFAULT_FORWARD_POLICY="DROP"\n';
const all = folder({ 'before.rules': BEFORE, 'after.rules': AFTER, 'user.rules': USER, 'default/ufw': DEFAULTS });

describe('ufw', () => {
  const reading = read(BEFORE, 'fw/before.rules', all);

  it('jumps to its chains from FORWARD, and to the rules of the user last of all before', () => {
    assert.deepEqual(
      formatChain(reading, 'filter FORWARD'),
      ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'].map(
        (part) => `jump filter ufw-${part}-forward`,
      ),
    );
    assert.deepEqual(formatChain(reading, 'filter ufw-before-forward'), [
      'state=related,established accept',
      'jump filter ufw-user-forward',
    ]);
    assert.deepEqual(formatChain(reading, 'filter ufw-user-forward'), [
      '[src 10.20.10.0~0.0.0.255 tcp dport 80] accept',
    ]);
    assert.equal(policyOf(reading, 'filter FORWARD').end.action, 'drop');
    assert.deepEqual(formatChain(reading, 'nat POSTROUTING'), [
      '[src 10.0.0.0~0.255.255.255] out=wan src := interface',
    ]);
  });

  it('has origins in the file that says it', () => {
    assert.equal(chainOf(reading, 'filter ufw-user-forward').rules.at(0)?.origin.file, 'fw/user.rules');
  });

  it('is told by one file, which takes in the others', () => {
    assert.deepEqual([...(reading.includes ?? [])].sort(), ['fw/after.rules', 'fw/user.rules']);
    for (const [path, text] of [
      ['fw/after.rules', AFTER],
      ['fw/user.rules', USER],
    ] as const) {
      const other = read(text, path, all);
      assert.deepEqual([other.device.policies, other.claims, other.includes], [[], [], undefined]);
      assert.deepEqual(linesIn('unknown', other), []);
    }
  });

  it('rejects or accepts as its default policy says', () => {
    const reject = folder({
      'after.rules': AFTER,
      'user.rules': USER,
      ufw: DEFAULTS.replace('FORWARD_POLICY="DROP"', 'FORWARD_POLICY="REJECT"'),
    });
    assert.deepEqual(formatChain(read(BEFORE, 'fw/before.rules', reject), 'filter ufw-reject-forward'), ['drop']);
    const accept = folder({
      'after.rules': AFTER,
      'user.rules': USER,
      ufw: DEFAULTS.replace('FORWARD_POLICY="DROP"', "FORWARD_POLICY='ACCEPT'"),
    });
    const open = read(BEFORE, 'fw/before.rules', accept);
    assert.equal(policyOf(open, 'filter FORWARD').end.action, 'accept');
    assert.deepEqual(formatChain(open, 'filter ufw-skip-to-policy-forward'), ['accept']);
  });

  it('that is switched off filters nothing', () => {
    const off = folder({ 'after.rules': AFTER, 'user.rules': USER, ufw: DEFAULTS, 'ufw.conf': 'ENABLED=no\n' });
    assert.deepEqual(read(BEFORE, 'fw/before.rules', off).device.policies, []);
  });

  it('with a file missing may do anything there', () => {
    const alone = read(USER, 'fw/user.rules');
    assert.match(formatChain(alone, 'filter ufw-before-forward')[0] ?? '', /^unknown before\.rules/);
    assert.match(formatChain(alone, 'filter FORWARD').at(-1) ?? '', /^\?DEFAULT_FORWARD_POLICY.*\? accept$/);
  });

  it('as iptables-save prints it says all by itself', () => {
    const dump = '*filter\n:FORWARD DROP [0:0]\n:ufw-user-forward - [0:0]\n-A FORWARD -j ufw-user-forward\nCOMMIT\n';
    const alone = read(dump);
    assert.deepEqual(formatChain(alone, 'filter FORWARD'), ['jump filter ufw-user-forward']);
  });

  it('for IPv6 says nothing', () => {
    const reading6 = read(USER.replaceAll('ufw-', 'ufw6-').replaceAll(/ -s \S+/g, ''), 'fw/user.conf');
    assert.deepEqual([reading6.device.policies, linesIn('modelled', reading6)], [[], []]);
  });
});
