/**
 * The example hospital in the real workbench, once with the extension in the Node host and once in
 * the web worker: the squiggle, the Problems entry with the packet's path, the fix by keyboard, the
 * file on disk; then the squiggle in a Linux gateway. What must be seen comes from the command line's
 * report on the same files.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Finding, Fix } from '../../server/src/core/report.js';
import type { Page } from './support/browser.js';
import { check, copyOf, firstFixable, fixedText, ROOT } from './support/expected.js';
import { vsix } from './support/vsix.js';
import {
  type ExtensionKind,
  eventually,
  goTo,
  squiggledLines,
  startWorkbench,
  type Workbench,
} from './support/workbench.js';

/** Set by `npm run docs:screenshots`: the pictures of the README are taken on the way. */
const TAKES_PICTURES = process.env.ADVISORY_LENS_SCREENSHOTS === '1';

for (const kind of ['workspace', 'web'] as const satisfies readonly ExtensionKind[]) {
  describe(`the workbench, with a ${kind} extension`, () => {
    let workbench: Workbench;
    let page: Page;
    let folder: string;
    let finding: Finding;
    let fix: Fix;
    let wanted: string;

    before(async () => {
      folder = copyOf('examples/hospital');
      ({ finding, fix } = firstFixable(check(folder)));
      wanted = fixedText(folder, finding.file, fix.edits);
      workbench = await startWorkbench(vsix(), kind);
      page = workbench.page;
      await workbench.open(folder, finding.file);
    });

    after(async () => {
      await workbench?.close();
      rmSync(dirname(folder), { recursive: true, force: true });
    });

    it('underlines the line that lets the packet pass', async () => {
      await goTo(page, finding.line, finding.column);
      const lines = await eventually(
        page,
        () => squiggledLines(page, 'error'),
        (seen) => seen.includes(finding.line),
      );
      assert.ok(lines.includes(finding.line), `Line ${finding.line} has no squiggle; lines ${lines.join(', ')} have.`);
    });

    it('shows the verdict in the status bar', async () => {
      const item = page.locator('#advisory-lens\\.advisory-lens\\.advisoryLens\\.status');
      await item.waitFor();
      const text = await eventually(
        page,
        async () => (await item.textContent()) ?? '',
        (seen) => seen.includes('reachable'),
      );
      assert.match(text, /Cisco IOS: reachable/);
    });

    it('lists the finding with every hop of the path in Problems', async () => {
      await page.keyboard.press('Control+Shift+m');
      const row = page.locator('.markers-panel .monaco-list-row', { hasText: firstWords(finding.message) }).first();
      await row.waitFor();
      if ((await row.getAttribute('aria-expanded')) === 'false') {
        await row.click();
        await page.keyboard.press('ArrowRight');
      }
      for (const { message } of finding.related.slice(0, 3)) {
        await page
          .locator('.markers-panel .monaco-list-row', { hasText: firstWords(message) })
          .first()
          .waitFor();
      }
      await goTo(page, finding.line, finding.column);
      await picture('problems');
      await page.keyboard.press('Control+j');
    });

    it('explains the line on hover', async () => {
      await goTo(page, finding.line, finding.column);
      await page.locator('.editor-instance .squiggly-error').first().hover({ force: true });
      const hover = page.locator('.monaco-hover:not(.hidden)', { hasText: firstWords(finding.message) }).first();
      await hover.waitFor();
      await picture('hover');
      await page.keyboard.press('Escape');
    });

    it('offers the fix by keyboard', async () => {
      await goTo(page, finding.line, finding.column);
      await page.keyboard.press('Control+.');
      const rows = page.locator('.action-widget .monaco-list-row');
      await rows.first().waitFor();
      const titles = await rows.allInnerTexts();
      const place = titles.findIndex((title) => title.includes(fix.title));
      assert.notEqual(place, -1, `"${fix.title}" is not among: ${titles.join(' | ')}`);
      await picture('quick-fix');
      await choose(page, fix.title);
    });

    it('has no squiggle there once the fix is in', async () => {
      const text = wanted.split(/\r?\n/);
      const added = fix.edits[0]?.newText.trim().split('\n')[0] ?? '';
      await page
        .locator('.editor-instance .view-line', { hasText: squeezed(added) })
        .first()
        .waitFor();
      const line = text.findIndex((candidate) => candidate.includes(added)) + 1;
      const near = (lines: number[]): number[] => lines.filter((seen) => Math.abs(seen - line) <= 3);
      const left = await eventually(
        page,
        async () => near(await squiggledLines(page, 'error')),
        (seen) => seen.length === 0,
      );
      assert.deepEqual(left, []);
    });

    it('saves what the command line would have written', async () => {
      await page.keyboard.press('Control+1');
      await page.keyboard.press('Control+s');
      const saved = await eventually(
        page,
        async () => readFileSync(join(folder, finding.file), 'utf8'),
        (text) => text === wanted,
      );
      // As lists of lines, so that a difference is shown and not two whole files.
      assert.deepEqual(saved.split('\n'), wanted.split('\n'));
      const still = check(folder).findings.filter(
        ({ rule, message }) => rule === finding.rule && message === finding.message,
      );
      assert.deepEqual(still, []);
    });

    it('underlines a rule of nftables, in its own language', async () => {
      const gateway = copyOf('examples/ward-gateway');
      try {
        const rule = firstFixable(check(gateway)).finding;
        await workbench.open(gateway, 'nftables.conf');
        assert.equal(rule.file, 'nftables.conf');
        await goTo(page, rule.line, rule.column);
        const lines = await eventually(
          page,
          () => squiggledLines(page, 'error'),
          (seen) => seen.includes(rule.line),
        );
        assert.ok(lines.includes(rule.line), `Line ${rule.line} has no squiggle; lines ${lines.join(', ')} have.`);
        for (const text of ['Linux nftables: reachable', 'nftables (Advisory Lens)']) {
          await page.locator('.statusbar-item', { hasText: text }).first().waitFor();
        }
      } finally {
        rmSync(dirname(gateway), { recursive: true, force: true });
      }
    });

    async function picture(name: string): Promise<void> {
      if (!TAKES_PICTURES || kind !== 'workspace') return;
      const images = join(ROOT, 'docs', 'images');
      mkdirSync(images, { recursive: true });
      // The caret blinks; a moment later everything else stands still too.
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(images, `${name}.png`) });
    }
  });
}

/** Moves down the menu of actions to the one with this title, and takes it. */
async function choose(page: Page, title: string): Promise<void> {
  const focused = page.locator('.action-widget .monaco-list-row.focused').first();
  for (let step = 0; step < 20; step += 1) {
    if ((await focused.textContent())?.includes(title)) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('ArrowDown');
  }
  assert.fail(`The menu never came to "${title}".`);
}

/** As much of a message as a narrow list shows for certain. */
function firstWords(message: string): string {
  return message.slice(0, 40);
}

/** The editor draws spaces as no-break spaces, which Playwright takes for spaces, and several as one. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ');
}
