import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deviceOf, entriesOf, linesIn } from './support/read.js';

const LIST = 'ip access-list extended A\n permit object-group S any object-group N\n';
const network = (...lines: string[]): string =>
  entriesOf(
    `object-group network N\n ${lines.join('\n ')}\nip access-list extended A\n permit ip any object-group N\n`,
  )[0] ?? '';
const service = (...lines: string[]): string =>
  entriesOf(
    `object-group service S\n ${lines.join('\n ')}\nip access-list extended A\n permit object-group S any any\n`,
  )[0] ?? '';

describe('network groups', () => {
  const members: [line: string, addresses: string][] = [
    ['host 202.114.4.119', '202.114.4.119'],
    ['202.114.4.0 255.255.255.0', '202.114.4.0~0.0.0.255'],
    ['202.114.4.0 /24', '202.114.4.0~0.0.0.255'],
    ['202.114.4.7/24', '202.114.4.0~0.0.0.255'],
    ['202.114.4.119', '202.114.4.119'],
    ['range 202.114.4.119 202.114.4.120', '202.114.4.119-202.114.4.120'],
    ['any', 'any'],
  ];
  for (const [line, addresses] of members) {
    it(line, () => assert.equal(network('description a group', line), `permit ip any ${addresses}`));
  }

  it('hold several members, and are opened again', () => {
    const text =
      'object-group network N\n host 10.0.0.1\nobject-group network N\n host 10.0.0.2\n no host 10.0.0.1\n host 10.0.0.3\n';
    assert.deepEqual(entriesOf(`${text}ip access-list extended A\n deny ip object-group N any\n`), [
      'deny ip 10.0.0.2|10.0.0.3 any',
    ]);
  });

  it('nest, whatever their order in the file', () => {
    const text = `${LIST}object-group network N\n group-object M\n host 10.0.0.9\nobject-group network M\n group-object L\nobject-group network L\n host 10.0.0.1\nobject-group service S\n ip\n`;
    assert.deepEqual(entriesOf(text), ['permit ip any 10.0.0.1|10.0.0.9']);
  });

  it('that are not understood are undecidable', () => {
    const doubt = 'permit ip any any (object-group N)';
    assert.equal(network('host 10.0.0.1', '10.0.0.0 0.0.0.255'), doubt);
    assert.equal(network('host 10.0.0.1', 'frobnicate'), doubt);
    assert.equal(network('host www.example.com'), doubt);
    assert.equal(network('group-object N'), doubt);
    assert.equal(network('group-object NOT-THERE'), doubt);
    assert.equal(network('group-object M', '!', 'object-group network M', ' group-object N'), doubt);
  });

  it('that are empty are undecidable, since no device has them', () => {
    assert.equal(network('description empty'), 'permit ip any any (object-group N)');
    assert.equal(network('host 10.0.0.1', 'no host 10.0.0.1'), 'permit ip any any (object-group N)');
  });

  it('tell of members that are not understood', () => {
    const text = 'object-group network N\n frobnicate\n host 10.0.0.1\n';
    assert.deepEqual(linesIn('unknown', text), ['frobnicate']);
    assert.deepEqual(
      deviceOf(text).unread.map(({ label }) => label),
      ['frobnicate'],
    );
  });
});

describe('service groups', () => {
  const members: [line: string, services: string][] = [
    ['tcp eq 515', 'tcp any any:515'],
    ['tcp 515', 'tcp any any:515'],
    ['tcp eq lpd', 'tcp any any:515'],
    ['tcp', 'tcp any any'],
    ['tcp source gt 1024 eq 80', 'tcp any:1025-65535 any:80'],
    ['tcp source eq 80', 'tcp any:80 any'],
    ['udp range 100 200', 'udp any any:100-200'],
    ['tcp-udp eq domain', 'tcp any any:53 or udp any any:53'],
    ['icmp echo', 'icmp any any type 8'],
    ['icmp', 'icmp any any'],
    ['ip', 'ip any any'],
    ['47', 'gre any any'],
    ['esp', 'esp any any'],
  ];
  for (const [line, services] of members) {
    it(line, () => assert.equal(service(line), `permit ${services}`));
  }

  it('nest', () => {
    const text =
      'object-group service T\n tcp eq 1\nobject-group service S\n group-object T\n udp eq 2\nip access-list extended A\n permit object-group S any any\n';
    assert.deepEqual(entriesOf(text), ['permit tcp any any:1 or udp any any:2']);
  });

  it('that are not understood are undecidable', () => {
    assert.equal(service('tcp eq frobnicate'), 'permit ip any any (object-group S)');
  });
});
