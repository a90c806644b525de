/** The hook as a site uses it: pre-commit installs this repository and runs it on what is staged. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { check, firstFixable, fixedText, ROOT } from './support/expected.js';

const SITE_FILE = '{ "segments": [{ "name": "patient-monitors", "vlans": [210] }] }\n';
const CONFIGURATION = `hostname core1
!
interface Vlan210
 description PATIENT-MONITORS
 ip address 10.20.10.1 255.255.255.0
 ip access-group MONITORS-IN in
!
interface GigabitEthernet0/0
 ip address 192.0.2.2 255.255.255.252
!
ip route 0.0.0.0 0.0.0.0 192.0.2.1
!
ip access-list extended MONITORS-IN
 permit ip 10.20.10.0 0.0.0.255 any
!
end
`;

describe('pre-commit', () => {
  let folder: string;
  let site: string;
  let hooks: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'advisory-lens-pre-commit-'));
    hooks = join(folder, 'hooks');
    copySources(hooks);
    commitAll(hooks);
    site = join(folder, 'site');
    mkdirSync(site);
    git(site, 'init', '--quiet');
    writeFileSync(join(site, 'advisory-lens.json'), SITE_FILE);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('stops the commit of a configuration that lets the monitors out', () => {
    writeFileSync(join(site, 'core1.cfg'), CONFIGURATION);
    const { status, output } = tryHook();
    assert.equal(status, 1, output);
    assert.match(output, /Failed/);
    assert.match(output, /core1\.cfg:14/);
  });

  it('lets it pass with the fix that check offers', () => {
    const { fix } = firstFixable(check(site));
    writeFileSync(join(site, 'core1.cfg'), fixedText(site, 'core1.cfg', fix.edits));
    const { status, output } = tryHook();
    assert.equal(status, 0, output);
    assert.match(output, /Passed/);
  });

  it('judges what is staged, not what lies beside it', () => {
    const fixed = readFileSync(join(site, 'core1.cfg'), 'utf8');
    writeFileSync(join(site, 'core1.cfg'), CONFIGURATION);
    git(site, 'add', '--all');
    writeFileSync(join(site, 'core1.cfg'), fixed);
    const run = spawnSync(process.execPath, [join(ROOT, 'dist', 'cli.js'), 'check', '--staged'], { cwd: site });
    assert.equal(run.status, 1);
  });

  function tryHook(): { readonly status: number | null; readonly output: string } {
    git(site, 'add', '--all');
    const run = spawnSync('pre-commit', ['try-repo', hooks, 'advisory-lens'], {
      cwd: site,
      encoding: 'utf8',
      env: { ...process.env, PRE_COMMIT_HOME: join(folder, 'home'), PRE_COMMIT_COLOR: 'never' },
    });
    return { status: run.status, output: run.stdout + run.stderr };
  }
});

/** The files of this repository as they are now, without what git ignores. */
function copySources(target: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT });
  for (const path of listed.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(ROOT, path), join(target, path));
  }
}

function commitAll(folder: string): void {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all');
  git(folder, '-c', 'user.name=e2e', '-c', 'user.email=e2e@invalid', 'commit', '--quiet', '--message', 'now');
}

function git(cwd: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd });
}
