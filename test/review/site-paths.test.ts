import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pathsMeant } from '../../server/src/core/review/site-paths.js';

const PATHS = [
  'a/etc/nftables.d/10-wards.nft',
  'a/nftables.conf',
  'b/interfaces',
  'b/interfaces.d/wards',
  'b/nftables.conf',
];

describe('what a name in a configuration means', () => {
  it('relative to the folder of the file that holds it', () => {
    assert.deepEqual(pathsMeant(PATHS, 'b', 'interfaces.d/*'), ['b/interfaces.d/wards']);
    assert.deepEqual(pathsMeant(PATHS, 'a/etc', '../nftables.conf'), ['a/nftables.conf']);
    assert.deepEqual(pathsMeant(PATHS, 'a/etc/nftables.d', './10-wards.nft'), ['a/etc/nftables.d/10-wards.nft']);
  });

  it('as the device knows it, by as much of its end as leads to files', () => {
    assert.deepEqual(pathsMeant(PATHS, 'a', '/etc/nftables.d/*.nft'), ['a/etc/nftables.d/10-wards.nft']);
    assert.deepEqual(pathsMeant(PATHS, 'b', '/etc/network/interfaces.d/*'), ['b/interfaces.d/wards']);
  });

  it('of the device that asks, where several have such a file', () => {
    assert.deepEqual(pathsMeant(PATHS, 'b', '/etc/nftables.conf'), ['b/nftables.conf']);
  });

  it('never every file there is, for a folder that no file is in', () => {
    assert.deepEqual(pathsMeant(['gw/nftables.conf', 'gw/interfaces'], 'gw', '/etc/network/interfaces.d/*'), []);
    assert.deepEqual(pathsMeant(['gw/nftables.conf'], 'gw', '/*'), []);
  });
});
