import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ciscoIos } from '../../../server/src/core/dialects/cisco-ios/index.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import { deviceOf, read } from './support/read.js';

const ENTRIES = Array.from({ length: 300 }, (_, at) => ` permit tcp any host 198.51.100.${at % 250} eq ${at}`);
const TEXT = [
  'hostname r1',
  'ip access-list extended WEB',
  ...ENTRIES,
  'class-map type inspect match-any WEB',
  ' description what monitors may do',
  ' match access-group name WEB',
  ' match protocol https',
  'policy-map type inspect OUT',
  ' class type inspect WEB',
  '  inspect',
  ' class class-default',
  '  drop log',
  'zone security IN',
  ' description monitors',
  'zone security OUT',
  'zone-pair security IN-OUT source IN destination OUT',
  ' service-policy type inspect OUT',
  'vlan access-map MAP 10',
  ' match ip address WEB',
  ' action forward',
  'vlan filter MAP vlan-list 10',
  'interface Vlan10',
  ' ip address 10.0.0.1 255.255.255.0',
  ' zone-member security IN',
  'interface GigabitEthernet0/1',
  ' zone-member security OUT',
  '',
].join('\n');

/** States of the statements that begin with a text, by the names of the columns. */
function statesOf(text: string, start: string): number[] {
  const { file, statements } = read(text);
  return Array.from(statements.starts).flatMap((at, row) =>
    file.text.slice(at).trimStart().startsWith(start) ? [statements.states[row] as number] : [],
  );
}

describe('zones', () => {
  it('a policy for each pair, and one for the rest', () => {
    const { policies, chains } = deviceOf(TEXT);
    assert.deepEqual(
      policies?.map(({ name, hook, purpose }) => `${hook} ${purpose} ${name}`),
      [
        'forward filter zone-pair IN-OUT',
        'forward other zones',
        'prerouting other vlan access-map MAP 1 in',
        'postrouting other vlan access-map MAP 1 out',
      ],
    );
    const rules = [...(chains?.get('zone-pair IN-OUT')?.rules ?? [])].map(({ action, origin }) => [
      action.kind,
      origin.label,
    ]);
    assert.deepEqual(rules, [
      ['accept', 'class type inspect WEB'],
      ['unknown', 'class type inspect WEB'],
    ]);
  });

  it('a pair without interfaces has no policy', () => {
    assert.equal(deviceOf(TEXT.replaceAll(' zone-member security OUT\n', '')).policies?.[0]?.name, 'zones');
    assert.equal(deviceOf('zone security IN\n').policies, undefined);
  });

  it('lines are modelled, and those of applications known', () => {
    const { modelled } = { modelled: statesOf(TEXT, 'hostname')[0] };
    for (const line of ['class-map', 'match', 'policy-map', 'class ', 'inspect', 'drop', 'zone', 'service-policy']) {
      const states = statesOf(TEXT, line);
      assert.ok(states.length > 0 && states.every((state) => state === modelled), `${line}: ${states}`);
    }
    for (const line of ['class-map type inspect http match-any H', 'policy-map type inspect http H']) {
      assert.ok(!statesOf(`${line}\n`, line).includes(modelled as number), line);
    }
  });

  it('an edit within a list, and beside it, reads as the whole file does', () => {
    const before = read(TEXT);
    const edits: [from: string, to: string][] = [
      [ENTRIES[150] as string, ' deny ip any 202.114.4.0 0.0.0.255'],
      [`${ENTRIES.join('\n')}\n`, ''],
      [' match protocol https', ' match protocol http'],
      ['  drop log', '  pass'],
    ];
    for (const [from, to] of edits) {
      const text = TEXT.replace(from, to);
      const file = new SourceFile('core1.cfg', text);
      const again = ciscoIos.reread?.(before, file, 'core1');
      const fresh = read(text).device;
      const plain = ({ policies, chains }: typeof fresh) => ({ policies, chains: [...(chains ?? [])] });
      if (again !== undefined) assert.deepEqual(plain(again.device), plain(fresh), to);
    }
    const line = ENTRIES[150] as string;
    const again = ciscoIos.reread?.(before, new SourceFile('core1.cfg', TEXT.replace(line, `${line} log`)), 'core1');
    assert.ok(again, 'an edit within a list is read by itself');
  });

  it('maps and classes without end make no trouble', () => {
    const many = Array.from({ length: 150_000 }, () => 'vlan access-map MAP').join('\n');
    assert.equal(deviceOf(`${many}\nvlan filter MAP vlan-list 10\ninterface Vlan10\n`).policies?.length, 2);
    const circle = 'class-map type inspect A\n match class-map B\nclass-map type inspect B\n match class-map A\n';
    const used = TEXT.replace('class type inspect WEB', 'class type inspect A');
    assert.equal(deviceOf(circle + used).policies?.length, 4);
  });
});
