import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import type { Report } from '../../server/src/core/report.js';
import { CLOSED, CLOSED_EDGE, HALF_CLOSED, OPEN, site } from './support/configs.js';
import { folderWith, ROOT, run } from './support/run.js';

const schema = JSON.parse(readFileSync(join(ROOT, 'schemas', 'report.schema.json'), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);

function assertValid(report: unknown): void {
  assert.ok(validate(report), JSON.stringify(validate.errors, null, 2));
}

function reportOf(folder: string, ...paths: string[]): Report & { notAnalysed?: unknown } {
  return JSON.parse(run(folder, ['check', '--format', 'json', ...paths]).out);
}

describe('the JSON report', () => {
  for (const [name, files] of [
    ['of an open segment', { 'core1.cfg': OPEN, 'advisory-lens.json': site() }],
    ['of a closed one', { 'core1.cfg': CLOSED, 'advisory-lens.json': site() }],
    ['of a partly closed one, without a site file', { 'core1.cfg': HALF_CLOSED }],
    ['of files without a segment', { 'edge1.cfg': CLOSED_EDGE }],
  ] as const) {
    it(`${name} is what the schema says`, (context) => {
      assertValid(reportOf(folderWith(context, files)));
    });
  }

  it('of the example is what the schema says, and has everything', () => {
    const report = reportOf(ROOT, 'examples/hospital');
    assertValid(report);
    assert.ok(report.findings.some(({ related }) => related.length > 0));
    assert.ok(report.verdicts.some(({ verdict, blockedBy }) => verdict === 'blocked' && blockedBy.length > 0));
    assert.ok(
      report.verdicts.some(({ witness, trace, exits }) => witness !== null && trace.length > 0 && exits.length > 0),
    );
    assert.ok(report.segments.some(({ members }) => members.length > 0));
    assert.ok(
      report.files.every(({ lines, states }) => Object.values(states).reduce((sum, one) => sum + one) <= lines),
    );
    assert.equal('notAnalysed' in report, false);
  });

  it('lists what was not analysed', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED, 'README.md': '# Notes\n' });
    const report = reportOf(folder, 'core1.cfg', 'README.md');
    assertValid(report);
    assert.deepEqual(report.notAnalysed, [{ path: 'README.md', reason: 'no configuration that this program knows' }]);
  });

  it('is refused by the schema where it is something else', (context) => {
    const report = reportOf(folderWith(context, { 'core1.cfg': OPEN }));
    const [finding] = report.findings;
    assert.ok(finding !== undefined);
    for (const broken of [
      { ...report, version: 2 },
      { ...report, more: 1 },
      { ...report, findings: [{ ...finding, line: 0 }] },
      { ...report, findings: [{ ...finding, file: '/etc/core1.cfg' }] },
      { ...report, findings: [{ ...finding, related: [{ message: '', file: 'f', line: 1, column: 1 }] }] },
      { ...report, verdicts: report.verdicts.map((verdict) => ({ ...verdict, verdict: 'maybe' })) },
    ]) {
      assert.equal(validate(broken), false);
    }
  });
});
