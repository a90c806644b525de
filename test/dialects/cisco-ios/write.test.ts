import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ciscoIos } from '../../../server/src/core/dialects/cisco-ios/index.js';
import type { Reading } from '../../../server/src/core/dialects/dialect.js';
import { parsePrefix } from '../../../server/src/core/net/prefix.js';
import { applyEdits, type TextEdit } from '../../../server/src/core/text/edit.js';
import { read } from './support/read.js';

const { write } = ciscoIos;
const TARGET = [parsePrefix('202.114.4.0/24') ?? assert.fail()];
const HOSTS = ['202.114.4.119', '202.114.4.120'].map((host) => parsePrefix(host) ?? assert.fail());
const REMARK = 'ICSMA-25-030-01';

/** The text after what `fix` writes; undefined where it writes nothing. */
function edited(text: string, fix: (reading: Reading) => TextEdit[] | undefined): string | undefined {
  const reading = read(text);
  const edits = fix(reading);
  return edits === undefined ? undefined : applyEdits(text, edits);
}

describe('denyBefore', () => {
  const deny = (text: string, name: string, index: number, targets = TARGET): string | undefined =>
    edited(text, (reading) => write.denyBefore?.(reading, name, index, targets, REMARK));

  it('writes above the entry, as the list is written', () => {
    assert.equal(
      deny('ip access-list extended A\r\n  permit tcp any any\r\n  permit ip any any\r\n', 'A', 1),
      'ip access-list extended A\r\n  permit tcp any any\r\n  remark ICSMA-25-030-01\r\n  deny   ip any 202.114.4.0 0.0.0.255\r\n  permit ip any any\r\n',
    );
  });

  it('leaves a remark with its entry', () => {
    assert.equal(
      deny('ip access-list extended A\n remark the rest\n permit ip any any\n', 'A', 0, HOSTS),
      'ip access-list extended A\n remark ICSMA-25-030-01\n deny   ip any host 202.114.4.119\n deny   ip any host 202.114.4.120\n remark the rest\n permit ip any any\n',
    );
  });

  it('takes a free number between two', () => {
    assert.equal(
      deny('ip access-list extended A\n 10 permit tcp any any\n 20 permit ip any any\n', 'A', 1),
      'ip access-list extended A\n 10 permit tcp any any\n 15 remark ICSMA-25-030-01\n 15 deny   ip any 202.114.4.0 0.0.0.255\n 20 permit ip any any\n',
    );
  });

  it('makes room where there is no free number', () => {
    assert.equal(
      deny(
        'ip access-list extended A\n 1 permit tcp any any\n 2 permit udp any any\n 3 permit ip any any\n 50 deny ip any any\n',
        'A',
        1,
      ),
      'ip access-list extended A\n 1 permit tcp any any\n 2 remark ICSMA-25-030-01\n 2 deny   ip any 202.114.4.0 0.0.0.255\n 12 permit udp any any\n 22 permit ip any any\n 50 deny ip any any\n',
    );
  });

  it('gives a remark the number of its entry, as IOS XE does, and leaves one without where the list does', () => {
    assert.equal(
      deny('ip access-list extended A\n 10 remark a\n 10 permit tcp any any\n 20 permit ip any any\n', 'A', 1, HOSTS),
      'ip access-list extended A\n 10 remark a\n 10 permit tcp any any\n 13 remark ICSMA-25-030-01\n 13 deny   ip any host 202.114.4.119\n 16 deny   ip any host 202.114.4.120\n 20 permit ip any any\n',
    );
    assert.equal(
      deny('ip access-list extended A\n remark a\n 10 permit tcp any any\n 20 permit ip any any\n', 'A', 1),
      'ip access-list extended A\n remark a\n 10 permit tcp any any\n remark ICSMA-25-030-01\n 15 deny   ip any 202.114.4.0 0.0.0.255\n 20 permit ip any any\n',
    );
  });

  it('numbers the remarks of an entry anew with it', () => {
    assert.equal(
      deny('ip access-list extended A\n 1 remark a\n 1 remark b\n 1 permit ip any any\n', 'A', 0),
      'ip access-list extended A\n 1 remark ICSMA-25-030-01\n 1 deny   ip any 202.114.4.0 0.0.0.255\n 11 remark a\n 11 remark b\n 11 permit ip any any\n',
    );
  });

  it('writes nothing where only some entries have numbers', () => {
    assert.equal(deny('ip access-list extended A\n 10 permit tcp any any\n permit ip any any\n', 'A', 1), undefined);
  });

  it('knows numbered lists', () => {
    assert.equal(
      deny('access-list 101 permit ip any any\n', '101', 0),
      'access-list 101 remark ICSMA-25-030-01\naccess-list 101 deny ip any 202.114.4.0 0.0.0.255\naccess-list 101 permit ip any any\n',
    );
  });

  it('writes before the implicit deny at the end of the list', () => {
    assert.equal(
      deny('ip access-list extended A\n permit tcp any any', 'A', 1),
      'ip access-list extended A\n permit tcp any any\n remark ICSMA-25-030-01\n deny   ip any 202.114.4.0 0.0.0.255',
    );
  });

  it('has no word for it in a standard list', () => {
    assert.equal(deny('ip access-list standard A\n permit any\n', 'A', 0), undefined);
  });
});

describe('applyFilter', () => {
  const apply = (text: string, iface: string): string | undefined =>
    edited(text, (reading) => write.applyFilter?.(reading, iface, TARGET, REMARK));
  const BODY = ' remark ICSMA-25-030-01\n deny   ip any 202.114.4.0 0.0.0.255\n permit ip any any';

  it('writes a list behind the interface, and applies it', () => {
    assert.equal(
      apply(
        'interface Vlan210\n description x\n ip address 10.20.10.1 255.255.255.0\n no ip proxy-arp\n!\nend\n',
        'Vlan210',
      ),
      `interface Vlan210\n description x\n ip address 10.20.10.1 255.255.255.0\n ip access-group ADVISORY-LENS-VLAN210-IN in\n no ip proxy-arp\n!\nip access-list extended ADVISORY-LENS-VLAN210-IN\n${BODY}\n!\nend\n`,
    );
  });

  it('writes it behind the other lists, under a free name', () => {
    const text =
      'interface GigabitEthernet0/0.210\n ip address 10.20.10.1 255.255.255.0\n ip access-group ADVISORY-LENS-GIGABITETHERNET0-0-210-IN out\nip access-list extended X\n permit ip any any\n';
    assert.equal(
      apply(text, 'gi0/0.210'),
      `interface GigabitEthernet0/0.210\n ip address 10.20.10.1 255.255.255.0\n ip access-group ADVISORY-LENS-GIGABITETHERNET0-0-210-IN-2 in\n ip access-group ADVISORY-LENS-GIGABITETHERNET0-0-210-IN out\nip access-list extended X\n permit ip any any\nip access-list extended ADVISORY-LENS-GIGABITETHERNET0-0-210-IN-2\n${BODY}\n`,
    );
  });

  it('defines a list that is applied and not there', () => {
    assert.equal(
      apply('interface Vlan210\n ip access-group MON in\n', 'Vlan210'),
      `interface Vlan210\n ip access-group MON in\n!\nip access-list extended MON\n${BODY}\n`,
    );
    assert.equal(
      apply('interface Vlan210\n ip access-group 101 in\n', 'Vlan210'),
      'interface Vlan210\n ip access-group 101 in\n!\naccess-list 101 remark ICSMA-25-030-01\naccess-list 101 deny ip any 202.114.4.0 0.0.0.255\naccess-list 101 permit ip any any\n',
    );
  });

  it('fills a list that is applied and empty', () => {
    assert.equal(
      apply(
        'interface Vlan210\n ip access-group MON in\nip access-list extended MON\n  remark later\nhostname x\n',
        'Vlan210',
      ),
      'interface Vlan210\n ip access-group MON in\nip access-list extended MON\n  remark later\n  remark ICSMA-25-030-01\n  deny   ip any 202.114.4.0 0.0.0.255\n  permit ip any any\nhostname x\n',
    );
  });

  it('writes nothing where a filter is at work, or where the number is of a standard list', () => {
    assert.equal(
      apply('interface Vlan210\n ip access-group 101 in\naccess-list 101 permit ip any any\n', 'Vlan210'),
      undefined,
    );
    assert.equal(apply('interface Vlan210\n ip access-group 10 in\n', 'Vlan210'), undefined);
  });
});

describe('nullRoute', () => {
  const route = (text: string, vrf = 'default'): string | undefined =>
    edited(text, (reading) => write.nullRoute?.(reading, vrf, TARGET, REMARK));
  const LINE = 'ip route 202.114.4.0 255.255.255.0 Null0 name ICSMA-25-030-01\n';

  it('writes behind the last route', () => {
    assert.equal(
      route('ip route 0.0.0.0 0.0.0.0 10.0.0.1\nhostname x\n'),
      `ip route 0.0.0.0 0.0.0.0 10.0.0.1\n${LINE}hostname x\n`,
    );
  });

  it('writes before the end of the configuration', () => {
    assert.equal(route('hostname x\n!\nend\n'), `hostname x\n!\n${LINE}end\n`);
    assert.equal(route('hostname x\n!\nend\n\ncore1#\n'), `hostname x\n!\n${LINE}end\n\ncore1#\n`);
  });

  it('writes at the end of the file', () => {
    assert.equal(route('hostname x'), `hostname x\n${LINE}`);
  });

  it('writes for a VRF', () => {
    assert.equal(
      route('hostname x\n', 'MED'),
      'hostname x\nip route vrf MED 202.114.4.0 255.255.255.0 Null0 name ICSMA-25-030-01\n',
    );
  });
});

describe('moveBefore', () => {
  const move = (text: string, name: string, index: number, before: number): string | undefined =>
    edited(text, (reading) => write.moveBefore?.(reading, name, index, before));

  it('moves the line', () => {
    assert.equal(
      move('ip access-list extended A\n permit ip any any\n deny ip any 202.114.4.0 0.0.0.255\n', 'A', 1, 0),
      'ip access-list extended A\n deny ip any 202.114.4.0 0.0.0.255\n permit ip any any\n',
    );
  });

  it('moves the last line of a file', () => {
    assert.equal(
      move('access-list 101 permit ip any any\r\naccess-list 101 deny ip any host 202.114.4.119', '101', 1, 0),
      'access-list 101 deny ip any host 202.114.4.119\r\naccess-list 101 permit ip any any',
    );
  });

  it('gives it a free number', () => {
    assert.equal(
      move(
        'ip access-list extended A\n 10 permit tcp any any\n 20 permit ip any any\n 30 deny ip any any\n',
        'A',
        2,
        1,
      ),
      'ip access-list extended A\n 10 permit tcp any any\n 15 deny ip any any\n 20 permit ip any any\n',
    );
  });
});

describe('correctMask', () => {
  const correct = (line: string, side: 'src' | 'dst'): string | undefined =>
    edited(`ip access-list extended A\n ${line}\n`, (reading) => write.correctMask?.(reading, 'A', 0, side))
      ?.split('\n')[1]
      ?.trim();

  it('turns the mask of one side round', () => {
    assert.equal(correct('deny ip any 202.114.4.0 255.255.255.0', 'dst'), 'deny ip any 202.114.4.0 0.0.0.255');
    assert.equal(
      correct('10 deny tcp 10.0.0.0 255.0.0.0 eq www 443 202.114.4.0 0.0.0.255 log', 'src'),
      '10 deny tcp 10.0.0.0 0.255.255.255 eq www 443 202.114.4.0 0.0.0.255 log',
    );
    assert.equal(
      correct('deny udp host 10.0.0.1 range 1 9 202.114.4.0 255.255.255.0 eq 515', 'dst'),
      'deny udp host 10.0.0.1 range 1 9 202.114.4.0 0.0.0.255 eq 515',
    );
  });

  it('finds none where there is none', () => {
    assert.equal(correct('deny ip any host 202.114.4.119', 'dst'), undefined);
    assert.equal(correct('deny ip any object-group N', 'dst'), undefined);
  });
});
