import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { formatPretty, type PrettyOptions } from '../../server/src/cli/formats/pretty/index.js';
import type { Finding, Report, ReportVerdict } from '../../server/src/core/report.js';
import { SourceFile } from '../../server/src/core/text/source-file.js';

const FILE = 'core1.cfg';
const TEXT = [
  'hostname core1',
  'interface Vlan210',
  ' ip access-group MONITORS-IN in',
  'ip access-list extended MONITORS-IN',
  ' remark monitors',
  ' permit ip any any',
  ' deny ip any 202.114.4.0 0.0.0.255',
  'end',
  '',
].join('\n');

const HOP = { device: 'core1', name: 'x', action: 'y', file: FILE } as const;
const VERDICT: ReportVerdict = {
  advisory: 'ICSMA-25-030-01',
  flow: 'outbound',
  segment: 'monitors',
  device: 'core1',
  interface: 'Vlan210',
  verdict: 'reachable',
  outcome: 'leaves',
  hosts: ['202.114.4.119', '202.114.4.120'],
  exits: [{ device: 'core1', interface: 'GigabitEthernet0/0' }],
  witness: {
    protocol: 'tcp',
    source: '10.20.10.5',
    sourcePort: 40000,
    destination: '202.114.4.119',
    destinationPort: 515,
  },
  trace: [
    { ...HOP, step: 'enter', line: 2 },
    { ...HOP, step: 'filter-in', line: 6 },
  ],
  blockedBy: [],
  assumptions: ['core1 has a default route'],
};

const FINDING: Finding = {
  rule: 'target-reachable',
  level: 'error',
  message: 'Packets from monitors reach 202.114.4.119.',
  file: FILE,
  line: 6,
  column: 2,
  endLine: 6,
  endColumn: 19,
  advisory: 'ICSMA-25-030-01',
  segment: 'monitors',
  related: [
    { message: 'enters core1 by Vlan210', file: FILE, line: 2, column: 1, endLine: 2, endColumn: 5 },
    { message: 'MONITORS-IN permits it', file: FILE, line: 6, column: 2, endLine: 6, endColumn: 19 },
    { message: 'a deny comes too late', file: FILE, line: 7, column: 2, endLine: 7, endColumn: 5 },
  ],
  fixes: [
    {
      id: 'block-in-filter',
      title: 'Deny 202.114.4.0/24 before this entry',
      edits: [
        {
          file: FILE,
          startLine: 6,
          startColumn: 1,
          endLine: 6,
          endColumn: 1,
          newText: ' deny ip any 202.114.4.0 0.0.0.255\n',
        },
      ],
      proof: { closes: true, changesOnly: true },
    },
    {
      id: 'null-route',
      title: 'Route 202.114.4.0/24 to Null0',
      edits: [],
      proof: { closes: true, changesOnly: true },
    },
  ],
};

const REPORT: Report = {
  version: 1,
  segments: [
    { name: 'monitors', members: [] },
    { name: 'pumps', members: [] },
    { name: 'ward', members: [] },
  ],
  verdicts: [
    VERDICT,
    {
      ...VERDICT,
      segment: 'pumps',
      verdict: 'blocked',
      witness: null,
      trace: [],
      blockedBy: [{ device: 'core1', name: 'PUMPS-IN', file: FILE, line: 7 }],
      assumptions: [],
    },
  ],
  findings: [FINDING],
  files: [
    {
      path: FILE,
      device: 'core1',
      dialect: 'cisco-ios',
      lines: 8,
      states: { modelled: 8, ignored: 0, unmodelled: 0, unknown: 0 },
    },
  ],
};

function pretty(report: Report, options: Partial<PrettyOptions> & { text?: string } = {}): string {
  const { text = TEXT, ...others } = options;
  return formatPretty(report, {
    sourceOf: (path) => (path === FILE ? new SourceFile(FILE, text) : undefined),
    colour: false,
    width: undefined,
    notAnalysed: { files: 0, binaries: 0 },
    ...others,
  });
}

/** A report of one finding at a place of a text. */
function at(place: Partial<Finding>): Report {
  return { ...REPORT, findings: [{ ...FINDING, related: [], fixes: [], ...place }] };
}

describe('pretty', () => {
  it('shows the beginning of a fix of many lines, and counts the rest', () => {
    const count = 150_000;
    const text = Array.from({ length: count }, (_, index) => ` ${index + 1} permit ip any any\n`).join('');
    const edits = Array.from({ length: count }, (_, index) => ({
      file: FILE,
      startLine: index + 1,
      startColumn: 2,
      endLine: index + 1,
      endColumn: 3,
      newText: '9',
    }));
    const fix = { id: 'block-in-filter', title: 'Renumber', edits, proof: { closes: true, changesOnly: true } };
    const shown = pretty(at({ fixes: [fix] }), { text }).split('\n');
    assert.ok(shown.length < 100, `${shown.length} lines`);
    assert.ok(shown.includes('       | ... and 299960 further lines'));
  });

  it('shows a finding whole', () => {
    assert.equal(
      pretty(REPORT, { notAnalysed: { files: 1, binaries: 2 } }),
      `error[target-reachable]: Packets from monitors reach 202.114.4.119.
 --> core1.cfg:6:2
  |
4 | ip access-list extended MONITORS-IN
5 |  remark monitors
6 |  permit ip any any
  |  ^^^^^^^^^^^^^^^^^
7 |  deny ip any 202.114.4.0 0.0.0.255
8 | end
  |
  = path:
      1. core1.cfg:2  enters core1 by Vlan210
      2. core1.cfg:6  MONITORS-IN permits it
  = packet: tcp from 10.20.10.5 port 40000 to 202.114.4.119 port 515
  = also:
      1. core1.cfg:7  a deny comes too late
  = fix: Deny 202.114.4.0/24 before this entry (proved: it closes the flow, and changes nothing else)
  |
5 |    remark monitors
  | +  deny ip any 202.114.4.0 0.0.0.255
6 |    permit ip any any
  |
  = or: Route 202.114.4.0/24 to Null0 (proved: it closes the flow, and changes nothing else)
  = help: https://github.com/advisory-lens/advisory-lens/blob/main/docs/rules/target-reachable.md

Segments
  monitors  reachable  202.114.4.119, 202.114.4.120, leaves by GigabitEthernet0/0 of core1
  pumps     blocked    by PUMPS-IN on core1 (core1.cfg:7)
  ward      not found  no configuration has it

Assumed
  - core1 has a default route

1 error in 1 file (1 configuration judged); 3 segments: 1 reachable, 1 blocked, 1 not found; 1 file not analysed; 2 binary files passed over
`,
    );
  });

  it('colours nothing but what it shows without colours', () => {
    const plain = stripVTControlCharacters(pretty(REPORT, { colour: true }));
    assert.equal(plain, pretty(REPORT));
    assert.ok(pretty(REPORT, { colour: true }).includes('\u001b[31;1merror[target-reachable]\u001b[0m'));
  });

  it('carets stand under the place, behind tabs, wide characters and control characters', () => {
    for (const [line, column, endColumn, shown, marks] of [
      ['\tpermit ip', 2, 8, '    permit ip', '    ^^^^^^'],
      ['病院 permit', 4, 10, '病院 permit', '     ^^^^^^'],
      ['\u001b[1mpermit', 5, 11, '␛[1mpermit', '    ^^^^^^'],
      ['permit', 1, 1, 'permit', '^'],
      ['permit', 7, 9, 'permit', '      ^'],
      ['key s3cret permit', 5, 11, 'key <removed>', '    ^^^^^^^^^'],
    ] as const) {
      const output = pretty(at({ line: 1, column, endLine: 1, endColumn }), { text: line });
      assert.ok(output.includes(`1 | ${shown}\n  | ${marks}\n`), output);
    }
  });

  it('a place over several lines is marked on its first', () => {
    const output = pretty(at({ line: 2, column: 1, endLine: 4, endColumn: 3 }));
    assert.match(output, /2 \| interface Vlan210\n {2}\| \^{17}\n3 \| {2}ip access-group/);
  });

  it('a place behind the end of the text, and a file that is not there, do no harm', () => {
    assert.match(pretty(at({ line: 99, column: 5, endLine: 99, endColumn: 9 })), /--> core1\.cfg:99:5/);
    assert.match(pretty(at({ file: 'gone.cfg' })), /--> gone\.cfg:6:2/);
    assert.match(pretty(at({}), { text: '' }), /--> core1\.cfg:6:2/);
  });

  it('long lines are cut, and the place stays in sight', () => {
    const line = `permit ${'x'.repeat(300)} TARGET ${'y'.repeat(300)}`;
    const column = line.indexOf('TARGET') + 1;
    const output = pretty(at({ line: 1, column, endLine: 1, endColumn: column + 6 }), { text: line, width: 80 });
    const rows = output.split('\n');
    const source = rows.findIndex((row) => row.startsWith('1 | '));
    const from = rows[source + 1]?.indexOf('^') ?? 0;
    assert.equal(rows[source]?.slice(from, from + 6), 'TARGET');
    assert.ok((rows[source]?.length ?? 0) <= 80);
    assert.match(rows[source] ?? '', /^1 \| ….*…$/);
  });

  it('no line but the summary and single words is wider than the terminal', () => {
    const message = 'Packets from a segment with many words in its name reach the target. '.repeat(5).trim();
    const output = pretty(at({ message, related: FINDING.related, fixes: FINDING.fixes }), { width: 70 });
    const wide = output.split('\n').filter((row) => row.length > 70);
    assert.ok(
      wide.every((row) => row.includes('https://') || row.includes('judged') || row.startsWith('  monitors')),
      wide.join('\n'),
    );
  });

  it('nothing that a file says reaches the terminal as a command', () => {
    const evil = '\u001b]0;x\u0007';
    const report: Report = {
      ...REPORT,
      segments: [{ name: evil, members: [] }],
      verdicts: [{ ...VERDICT, segment: evil, assumptions: [evil], exits: [{ device: evil }] }],
      findings: [
        {
          ...FINDING,
          message: evil,
          rule: evil,
          related: FINDING.related.map((place) => ({ ...place, message: evil, file: evil })),
          fixes: FINDING.fixes.map((fix) => ({ ...fix, title: evil })),
        },
      ],
    };
    const output = pretty(report, { text: evil.repeat(7).split('').join('\n') });
    assert.ok(!output.includes('\u001b') && !output.includes('\u0007'));
  });

  it('many places are counted', () => {
    const related = Array.from({ length: 40 }, (_, index) => ({ ...FINDING.related[0], message: `hop ${index}` }));
    const output = pretty(at({ related: related as Finding['related'] }));
    assert.match(output, /hop 15\n +\.\.\. and 24 further places\n/);
  });

  it('says so where there is nothing', () => {
    assert.equal(
      pretty({ ...REPORT, segments: [], verdicts: [], findings: [] }),
      'No findings (1 configuration judged); no segment to judge\n',
    );
  });
});
