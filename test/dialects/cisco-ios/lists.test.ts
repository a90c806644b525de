import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aclOf, deviceOf, entriesOf, linesIn } from './support/read.js';

const list = (...lines: string[]): string =>
  ['ip access-list extended A', ...lines.map((line) => ` ${line}`), ''].join('\n');

describe('the order of a list', () => {
  it('is that of the sequence numbers', () => {
    const text = list('20 permit udp any any', '10 permit tcp any any', '15 permit icmp any any');
    assert.deepEqual(entriesOf(text), ['permit tcp any any', 'permit icmp any any', 'permit udp any any']);
  });

  it('puts an entry without a number 10 above the last', () => {
    const text = list('5 permit tcp any any', 'permit udp any any', '14 permit icmp any any', '16 permit gre any any');
    assert.deepEqual(entriesOf(text), [
      'permit tcp any any',
      'permit icmp any any',
      'permit udp any any',
      'permit gre any any',
    ]);
  });

  it('goes on where the list is opened again', () => {
    const text = `${list('permit tcp any any')}interface Vlan1\n${list('5 deny tcp any any', 'permit udp any any')}`;
    assert.deepEqual(entriesOf(text), ['deny tcp any any', 'permit tcp any any', 'permit udp any any']);
  });

  it('ignores an entry that is in the list already, whatever its number', () => {
    const text = list('20 permit tcp any any', '15 deny ip any any', '10 permit tcp any any');
    assert.deepEqual(entriesOf(text), ['deny ip any any', 'permit tcp any any']);
  });

  it('takes two spellings of one address for the same', () => {
    const text = list(
      '20 permit ip 10.0.0.9 0.0.0.255 any',
      '15 deny ip any any',
      '10 permit ip 10.0.0.0 0.0.0.255 any',
    );
    assert.deepEqual(entriesOf(text), ['deny ip any any', 'permit ip 10.0.0.9~0.0.0.255 any']);
  });

  it('leaves open which of two entries with one number is there', () => {
    const text = list('10 permit tcp any any', '10 deny ip any any', '20 permit udp any any');
    assert.deepEqual(entriesOf(text).sort(), [
      'deny ip any any (sequence number 10 is used twice)',
      'permit tcp any any (sequence number 10 is used twice)',
      'permit udp any any',
    ]);
  });

  it('is counted anew by resequence', () => {
    const text = `${list('5 permit tcp any any', '6 permit udp any any')}ip access-list resequence A 100 10\n${list('105 deny ip any any')}`;
    assert.deepEqual(entriesOf(text), ['permit tcp any any', 'deny ip any any', 'permit udp any any']);
  });

  it('keeps the numbers that are written, and only those', () => {
    const { entries } = aclOf(list('5 permit tcp any any', 'permit udp any any'), 'A');
    assert.deepEqual([entries.sequenceAt(0), entries.sequenceAt(1)], [5, undefined]);
  });
});

describe('no forms', () => {
  it('take away an entry by number', () => {
    assert.deepEqual(entriesOf(list('10 permit tcp any any', '20 deny ip any any', 'no 10')), ['deny ip any any']);
  });

  it('take away an entry by what it says', () => {
    const text = list('permit tcp any any eq www', 'deny ip any any', 'no permit tcp any any eq 80');
    assert.deepEqual(entriesOf(text), ['deny ip any any']);
  });

  it('take away a whole list', () => {
    assert.equal(deviceOf(`${list('permit ip any any')}no ip access-list extended A\n`).acls.size, 0);
    assert.equal(deviceOf('access-list 101 permit ip any any\nno access-list 101\n').acls.size, 0);
  });

  it('take away a numbered list even where they name an entry', () => {
    const text =
      'access-list 101 permit tcp any any\naccess-list 101 deny ip any any\nno access-list 101 deny ip any any\n';
    assert.equal(deviceOf(text).acls.size, 0);
  });

  it('leave what comes after them', () => {
    const text = 'access-list 101 permit ip any any\nno access-list 101\naccess-list 101 deny udp any any\n';
    assert.deepEqual(entriesOf(text, '101'), ['deny udp any any']);
  });

  it('make everything uncertain where it is not understood what they take away', () => {
    const text = list('deny ip any any', 'no permit frobnicate');
    assert.deepEqual(entriesOf(text), ['unknown ip any any', 'deny ip any any']);
  });
});

describe('a list without entries', () => {
  for (const [what, text] of [
    ['with only remarks', list('remark nothing yet', '10 remark still nothing')],
    ['that is empty', list()],
    ['whose entries were taken away', list('10 permit ip any any', 'no 10')],
  ] as const) {
    it(`has no implicit deny: one ${what}`, () => assert.equal(aclOf(text, 'A').entries.count, 0));
  }
});

describe('numbered lists', () => {
  const kinds: [number: number, kind: string][] = [
    [1, 'standard'],
    [99, 'standard'],
    [100, 'extended'],
    [199, 'extended'],
    [1300, 'standard'],
    [1999, 'standard'],
    [2000, 'extended'],
    [2699, 'extended'],
  ];
  for (const [number, kind] of kinds) {
    it(`${number} is ${kind}`, () => {
      const rest = kind === 'standard' ? 'permit any' : 'permit ip any any';
      assert.equal(aclOf(`access-list ${number} ${rest}\n`, String(number)).kind, kind);
    });
  }

  it('of other protocols are none of IPv4', () => {
    const text = 'access-list 700 permit 0000.0000.0001 ffff.ffff.0000\naccess-list 200 permit 0x0000 0x0d0d\n';
    assert.equal(deviceOf(text).acls.size, 0);
    assert.deepEqual(linesIn('unknown', text), []);
  });

  it('may be written as blocks, with sequence numbers, in parts', () => {
    const text =
      'acc 101 permit tcp any any\nip access-list extended 101\n 5 deny udp any any\n!\naccess-list 101 7 permit icmp any any\n';
    assert.deepEqual(entriesOf(text, '101'), ['deny udp any any', 'permit icmp any any', 'permit tcp any any']);
  });
});

describe('names of lists', () => {
  it('know capital letters from small ones', () => {
    const { acls } = deviceOf(
      'ip access-list extended A\n permit ip any any\nip access-list extended a\n deny ip any any\n',
    );
    assert.deepEqual([...acls.keys()], ['A', 'a']);
  });

  it('make every entry uncertain where two kinds of list share one', () => {
    const text = 'ip access-list standard A\n permit any\nip access-list extended A\n deny ip any any\n';
    assert.deepEqual(entriesOf(text), [
      'permit ip any any (two lists are named A)',
      'deny ip any any (two lists are named A)',
    ]);
  });

  it('are defined once, with the exact place of the name', () => {
    const text = `${list('permit ip any any')}${list('deny ip any any')}`;
    const found = deviceOf(text).definitions.filter(({ kind }) => kind === 'acl');
    assert.equal(found.length, 1);
    const [{ origin, block } = { origin: undefined, block: undefined }] = found;
    assert.equal(text.slice(origin?.start, origin?.end), 'A');
    assert.equal(text.slice(block?.start, block?.end), text.trimEnd());
  });
});

describe('places', () => {
  it('of entries are their lines without the blanks around them', () => {
    const text = 'ip access-list extended A\r\n  10   permit tcp any any  \r\naccess-list 101  deny ip any any\r\n';
    const { acls } = deviceOf(text);
    assert.equal(acls.get('A')?.entries.originAt(0).label, '10   permit tcp any any');
    assert.equal(acls.get('101')?.entries.originAt(0).label, 'access-list 101  deny ip any any');
    assert.equal(text.slice(0, acls.get('A')?.end).endsWith('any any'), true);
  });
});
