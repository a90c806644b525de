/** What the editor must show: the command line's own report on a copy of an example. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Finding, Fix, Report, ReportEdit } from '../../../server/src/core/report.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';

export const ROOT = resolve(import.meta.dirname, '../../..');
export const CLI = join(ROOT, 'dist', 'cli.js');

/** A copy of a folder, under its own name, that a test may change. */
export function copyOf(folder: string): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'advisory-lens-site-')), basename(folder));
  cpSync(resolve(ROOT, folder), copy, { recursive: true });
  return copy;
}

export function check(folder: string): Report {
  const run = spawnSync(process.execPath, [CLI, 'check', '.', '--format', 'json'], { cwd: folder, encoding: 'utf8' });
  assert.ok(run.status === 0 || run.status === 1, `check ended with ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** The first error that has a fix in its own file, and that fix. */
export function firstFixable(report: Report): { readonly finding: Finding; readonly fix: Fix } {
  for (const finding of report.findings) {
    const fix = finding.fixes.find(({ edits }) => edits.every(({ file }) => file === finding.file));
    if (finding.level === 'error' && finding.related.length > 0 && fix !== undefined) return { finding, fix };
  }
  assert.fail('The report has no error with a fix.');
}

/** A file's text after the edits that a report's fix gives for it. */
export function fixedText(folder: string, file: string, edits: readonly ReportEdit[]): string {
  const source = new SourceFile(file, readFileSync(join(folder, file), 'utf8'));
  return edits
    .filter((edit) => edit.file === file)
    .map((edit) => ({
      start: source.offsetAt({ line: edit.startLine, column: edit.startColumn }),
      end: source.offsetAt({ line: edit.endLine, column: edit.endColumn }),
      newText: edit.newText,
    }))
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, newText }) => text.slice(0, start) + newText + text.slice(end), source.text);
}
