/** A site file and an advisory come with the configurations, from whoever wrote those. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Prefix, prefixCovers, prefixOf } from '../../server/src/core/net/prefix.js';
import { Workspace } from '../../server/src/core/workspace.js';

const CORE = readFileSync(new URL('../../examples/hospital/core1.cfg', import.meta.url), 'utf8');

function judged(site: string, advisory?: string): Workspace {
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', site);
  if (advisory !== undefined) workspace.setAdvisoryFile('advisory.json', advisory);
  workspace.setFile('core1.cfg', CORE);
  workspace.report();
  return workspace;
}

const siteWith = (more: object): string => JSON.stringify({ segments: [{ name: 'a', vlans: [210] }], ...more });

describe('a hostile site file', () => {
  for (const [what, text] of [
    ['lists in lists', '['.repeat(100_000)],
    ['objects in objects', '{"a":'.repeat(100_000)],
    ['lists in lists that end', `{"segments":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['a comment without an end', '/*'],
    ['no text', ''],
    ['NULs', '\0\0\0'],
    ['not an object', 'null'],
    ['a key twice', '{"segments":[],"segments":[{"name":"a","vlans":[210]}]}'],
    ['the key __proto__', '{"__proto__":{},"segments":[{"name":"a","vlans":[210]}]}'],
    ['VLANs that are none', '{"segments":[{"name":"a","vlans":[null,{},[],true,1.5,-1,"1-","99999999999"]}]}'],
    ['a glob too long', siteWith({ configs: ['*a'.repeat(600)] })],
    ['an advisory\u2019s glob too long', siteWith({ advisories: ['*a'.repeat(600)] })],
    ['levels that are none', siteWith({ rules: { 'target-reachable': '__proto__' } })],
    ['a link of one end', siteWith({ links: [['core1:Vlan210']] })],
    ['a link of three ends', siteWith({ links: [['a:b', 'c:d', 'e:f']] })],
    ['a link without a device', siteWith({ links: [['Vlan210', 'core1:Vlan220']] })],
    ['links that are none', siteWith({ links: [null, 7, {}, 'a:b'] })],
    ['an inline device between nothing', siteWith({ inline: [{ device: 'a', interfaces: ['x', 'y'] }] })],
    ['an inline device with one side', siteWith({ inline: [{ device: 'a', between: ['b:c'], interfaces: ['x'] }] })],
    ['enforcement at a number', siteWith({ enforceAt: [7] })],
    ['a dialect that is none', siteWith({ devices: { a: { files: ['*'], dialect: 'constructor' } } })],
  ] as const) {
    it(`with ${what} is a problem, and nothing is judged`, () => {
      const workspace = judged(text);
      assert.notDeepEqual(workspace.siteProblems(), []);
      assert.deepEqual(workspace.report().verdicts, []);
    });
    it(`with ${what} is a problem as an advisory too`, () => {
      assert.notDeepEqual(judged(siteWith({ advisories: ['advisory.json'] }), text).siteProblems(), []);
    });
  }

  it('with brackets in its strings and comments is not nested', () => {
    const brackets = '['.repeat(1000);
    const text = `// ${brackets}\n{ "segments": [{ "name": "${brackets}", "vlans": [210] }] /* ${brackets} */ }`;
    assert.deepEqual(judged(text).siteProblems(), []);
  });

  it('with names that objects have anyway names its segments and devices', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const workspace = judged(
      `{"segments":[${names.map((name) => `{"name":"${name}","vlans":[210]}`).join()}],
        "devices":{"__proto__":{"files":["core1.cfg"]}}}`,
    );
    assert.deepEqual(workspace.siteProblems(), []);
    const { segments, verdicts } = workspace.report();
    assert.deepEqual(segments.map(({ name }) => name).sort(), [...names].sort());
    assert.deepEqual(new Set(verdicts.map(({ verdict }) => verdict)).size, 1);
    assert.equal(verdicts.filter(({ direction }) => direction === undefined).length, names.length);
  });
});

describe('the sources of a segment', () => {
  it('are the subnets that no other holds, each once', () => {
    const subnet = fc.tuple(fc.integer({ min: 0, max: 31 }), fc.constantFrom(24, 26, 27, 29, 32));
    fc.assert(
      fc.property(fc.array(subnet, { minLength: 1, maxLength: 12 }), (parts) => {
        const prefixes = parts.map(([part, length]) => prefixOf(0x0a141400 + part * 8, length));
        const subnets = prefixes.map(({ ip, length }) => `10.20.${(ip >>> 8) & 255}.${ip & 255}/${length}`);
        const workspace = new Workspace();
        workspace.setSite('advisory-lens.json', JSON.stringify({ segments: [{ name: 'a', subnets }] }));
        workspace.setFile(
          'r.cfg',
          'hostname r\ninterface Vlan210\n ip address 10.20.0.1 255.255.0.0\nip route 0.0.0.0 0.0.0.0 10.20.0.2\nend\n',
        );
        const isHeld = (one: Prefix, at: number) =>
          prefixes.some((other, index) => prefixCovers(other, one) && (other.length < one.length || index < at));
        const expected = subnets.filter((_, at) => !isHeld(prefixes[at] as Prefix, at));
        assert.deepEqual(workspace.report().segments[0]?.members[0]?.subnets, expected);
      }),
    );
  });
});
