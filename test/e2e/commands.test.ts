/** The commands of the palette and the status bar, each told by what it leaves on disk or on the screen. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'jsonc-parser';
import type { Page } from './support/browser.js';
import { copyOf } from './support/expected.js';
import { vsix } from './support/vsix.js';
import { eventually, goTo, pick, runCommand, startWorkbench, type Workbench } from './support/workbench.js';

const FILE = 'core1.cfg';

describe('the commands', () => {
  let workbench: Workbench;
  let page: Page;
  let folder: string;

  before(async () => {
    folder = copyOf('examples/hospital');
    workbench = await startWorkbench(vsix(), 'workspace');
    page = workbench.page;
    await workbench.open(folder, FILE);
    await page.locator('.statusbar-item', { hasText: 'Cisco IOS' }).first().waitFor();
  });

  after(async () => {
    await workbench?.close();
    rmSync(dirname(folder), { recursive: true, force: true });
  });

  it('reviews the workspace, and says what came of it', async () => {
    await runCommand(page, 'Advisory Lens: Review the Workspace');
    await saysSo(/judged \d+ segments? over 3 configurations/);
    await page.locator('.markers-panel').first().waitFor();
  });

  it('marks the VLAN at the cursor as a device VLAN, and keeps the comments of the site file', async () => {
    const before = readSite();
    await goTo(page, lineOf('interface Vlan150'), 12);
    await runCommand(page, 'Advisory Lens: Mark This VLAN as a Device VLAN');
    await pick(page, 'patient-monitors');
    const site = await eventually(
      page,
      async () => readSite(),
      (text) => text !== before,
    );
    const { segments } = parse(site) as { segments: { name: string; vlans: unknown[] }[] };
    assert.deepEqual(segments.find(({ name }) => name === 'patient-monitors')?.vlans, [210, 150]);
    assert.deepEqual(site.match(/\/\/.*/g), before.match(/\/\/.*/g));
  });

  it('says so where there is no VLAN at the cursor', async () => {
    await goTo(page, lineOf('hostname'), 1);
    await runCommand(page, 'Advisory Lens: Mark This VLAN as a Device VLAN');
    await saysSo('no VLAN at the cursor');
  });

  it('keeps a chosen dialect in the settings of the workspace, and forgets it again', async () => {
    const settings = join(folder, '.vscode', 'settings.json');
    const chosen = (): unknown =>
      existsSync(settings) ? parse(readFileSync(settings, 'utf8'))?.['advisoryLens.dialects'] : undefined;

    await goTo(page, 1, 1);
    await runCommand(page, 'Advisory Lens: Choose the Dialect of This File');
    await pick(page, 'cisco-ios');
    const kept = await eventually(
      page,
      async () => chosen(),
      (value) => value !== undefined,
    );
    assert.deepEqual(kept, { [FILE]: 'cisco-ios' });

    await page.locator('.statusbar-item', { hasText: 'Cisco IOS' }).first().click();
    await pick(page, 'Detect from the content');
    assert.equal(
      await eventually(
        page,
        async () => chosen(),
        (value) => value === undefined,
      ),
      undefined,
    );
  });

  it('opens the site file', async () => {
    await runCommand(page, 'Advisory Lens: Open the Site File');
    await page.locator('.tab.active', { hasText: 'advisory-lens.json' }).first().waitFor();
  });

  it('writes a starter where there is no site file', async () => {
    await workbench.open(folder, FILE);
    rmSync(join(folder, 'advisory-lens.json'));
    await page.locator('.statusbar-item', { hasText: 'Cisco IOS' }).first().waitFor();
    await runCommand(page, 'Advisory Lens: Open the Site File');
    await page.locator('.tab.active', { hasText: 'advisory-lens.json' }).first().waitFor();
    assert.deepEqual(parse(readSite()), { segments: [{ name: 'patient-monitors', vlans: [] }] });
  });

  /** The editor tells screen readers every notification; this one shows none, lest they cover things. */
  async function saysSo(text: string | RegExp): Promise<void> {
    await page.locator('.monaco-alert', { hasText: text }).first().waitFor({ state: 'attached' });
  }

  function readSite(): string {
    return readFileSync(join(folder, 'advisory-lens.json'), 'utf8');
  }

  function lineOf(text: string): number {
    const lines = readFileSync(join(folder, FILE), 'utf8').split('\n');
    const index = lines.findIndex((line) => line.startsWith(text));
    assert.notEqual(index, -1, `${FILE} has no line that begins with "${text}".`);
    return index + 1;
  }
});
