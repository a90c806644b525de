import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Report } from '../../server/src/core/report.js';
import { CLOSED, CLOSED_EDGE, CORE_BEHIND_EDGE, OPEN, site } from './support/configs.js';
import { folderWith, run } from './support/run.js';

function reportOf(folder: string, ...args: string[]): Report & { code: number | null } {
  const { code, out, err } = run(folder, ['check', '--format', 'json', ...args]);
  assert.notEqual(out, '', err);
  return { ...(JSON.parse(out) as Report), code };
}

const paths = (report: Report): string[] => report.files.map(({ path }) => path);
const words = (report: Report): string[] =>
  report.verdicts.filter(({ direction }) => direction === undefined).map(({ verdict }) => verdict);

describe('review sets', () => {
  it('files without a site file are one set', (context) => {
    const folder = folderWith(context, { 'a/core1.cfg': CORE_BEHIND_EDGE, 'b/edge1.cfg': CLOSED_EDGE });
    const report = reportOf(folder);
    assert.deepEqual(paths(report), ['a/core1.cfg', 'b/edge1.cfg']);
    assert.deepEqual(words(report), ['blocked'], 'the edge drops what the core forwards');
  });

  it('each site file makes a set of its own', (context) => {
    const folder = folderWith(context, {
      'a/advisory-lens.json': site(),
      'a/core1.cfg': CORE_BEHIND_EDGE,
      'b/advisory-lens.json': site(),
      'b/edge1.cfg': CLOSED_EDGE,
    });
    const report = reportOf(folder);
    assert.deepEqual(words(report), ['reachable'], 'the edge belongs to another network');
    assert.deepEqual(paths(report), ['a/core1.cfg', 'b/edge1.cfg']);
  });

  it('--site makes one set of all', (context) => {
    const folder = folderWith(context, {
      'a/advisory-lens.json': site(),
      'a/core1.cfg': CORE_BEHIND_EDGE,
      'b/advisory-lens.json': site(),
      'b/edge1.cfg': CLOSED_EDGE,
      'site.json': site(),
    });
    assert.deepEqual(words(reportOf(folder, '--site', 'site.json')), ['blocked']);
  });

  it('--site that is not there is wrong usage', (context) => {
    const { code, err } = run(folderWith(context, { 'core1.cfg': OPEN }), ['check', '--site', 'site.json']);
    assert.equal(code, 2);
    assert.match(err, /There is no site file site\.json/);
  });

  it('one file of a set brings the others that "configs" names', (context) => {
    const folder = folderWith(context, {
      'advisory-lens.json': site({ configs: ['net/*.cfg', '!net/old*'] }),
      'net/core1.cfg': CORE_BEHIND_EDGE,
      'net/edge1.cfg': CLOSED_EDGE,
      'net/old-core1.cfg': OPEN,
    });
    const report = reportOf(folder, 'net/core1.cfg');
    assert.deepEqual(paths(report), ['net/core1.cfg', 'net/edge1.cfg']);
    assert.deepEqual(words(report), ['blocked']);
    assert.deepEqual(paths(reportOf(folder, '.')), ['net/core1.cfg', 'net/edge1.cfg']);
    assert.deepEqual(paths(reportOf(folder, 'advisory-lens.json')), ['net/core1.cfg', 'net/edge1.cfg']);
  });

  it('a named file that "configs" does not name is not silently left out', (context) => {
    const folder = folderWith(context, {
      'advisory-lens.json': site({ configs: ['net/*.cfg'] }),
      'net/core1.cfg': CLOSED,
      'core2.cfg': OPEN,
    });
    const { code, err } = run(folder, ['check', 'net', 'core2.cfg']);
    assert.equal(code, 2);
    assert.match(err, /core2\.cfg: not analysed: not among the "configs"/);
  });

  it('"configs" does not reach into the folder of another site', (context) => {
    const folder = folderWith(context, {
      'advisory-lens.json': site({ configs: ['**/*.cfg'] }),
      'core1.cfg': CORE_BEHIND_EDGE,
      'clinic/advisory-lens.json': site(),
      'clinic/edge1.cfg': CLOSED_EDGE,
    });
    assert.deepEqual(words(reportOf(folder, 'core1.cfg')), ['reachable']);
  });

  it('"configs" must not lead out of the folder of the site file', (context) => {
    const folder = folderWith(context, {
      'site/advisory-lens.json': site({ configs: ['../net/*.cfg'] }),
      'net/core1.cfg': OPEN,
    });
    const { code, err } = run(folder, ['check', '--site', 'site/advisory-lens.json', 'net/core1.cfg']);
    assert.equal(code, 2);
    assert.match(err, /site\/advisory-lens\.json: "\.\.\/net\/\*\.cfg" in "configs" leads out/);
  });

  it('from a folder inside the set, paths are relative to it', (context) => {
    const folder = folderWith(context, {
      'advisory-lens.json': site({ configs: ['net/**'], devices: { core9: { files: ['net/core/*'] } } }),
      'net/core/core1.cfg': CORE_BEHIND_EDGE.replace('hostname core1\n', ''),
      'net/edge/edge1.cfg': CLOSED_EDGE,
    });
    const report = reportOf(join(folder, 'net', 'core'));
    assert.deepEqual(paths(report), ['../edge/edge1.cfg', 'core1.cfg']);
    assert.deepEqual(
      report.files.map(({ device }) => device),
      ['edge1', 'core9'],
      'the globs of "devices" match beside the site file',
    );
    const files = report.verdicts.flatMap(({ blockedBy }) => blockedBy.map(({ file }) => file));
    assert.deepEqual(files, ['../edge/edge1.cfg']);
  });

  it('advisory files are read from beside the site file', (context) => {
    const folder = folderWith(context, {
      'advisory-lens.json': site({ advisories: ['advisories/*.json'] }),
      'advisories/bad.json': '{ "id": 1 }',
      'core1.cfg': CLOSED,
    });
    const { code, err } = run(folder, ['check']);
    assert.equal(code, 2);
    assert.match(err, /advisories\/bad\.json:1:\d+: /);
  });
});
