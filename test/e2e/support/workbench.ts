/** The real VS Code workbench, served by code-server and shown by the system's Chromium. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from './browser.js';
import { type EditorCache, editorCache } from './editor-cache.js';

const EXTENSION = 'advisory-lens.advisory-lens';
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Nothing that moves, asks or fetches while a test looks. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'editor.hover.delay': 100,
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Where the extension runs: in the Node extension host of the server, or in the browser's web worker. */
export type ExtensionKind = 'workspace' | 'web';

export interface Workbench {
  readonly page: Page;
  /** Opens a folder, with one of its files in the editor, in the same browser window. */
  open(folder: string, file: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the workbench with the extension installed from a .vsix. */
export async function startWorkbench(vsix: string, kind: ExtensionKind): Promise<Workbench> {
  const cache = editorCache();
  const home = mkdtempSync(join(tmpdir(), 'advisory-lens-workbench-'));
  const port = await freePort();
  const server = await startServer(cache, home, vsix, kind, port);
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await stop(server);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    browser = await cache.chromium.launch({ executablePath: CHROMIUM, headless: true, args: CHROMIUM_FLAGS });
    const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, deviceScaleFactor: 1.5 });
    page.setDefaultTimeout(15_000);
    return { page, open: (folder, file) => openFile(page, port, folder, file), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startServer(
  { node, entry }: EditorCache,
  home: string,
  vsix: string,
  kind: ExtensionKind,
  port: number,
): Promise<ChildProcess> {
  const user = join(home, 'user');
  // One of the two has configurations in our own language, the other in the one that VS Code gives *.cfg.
  const settings =
    kind === 'web'
      ? { ...SETTINGS, 'remote.extensionKind': { [EXTENSION]: ['web'] } }
      : { ...SETTINGS, 'files.associations': { '*.cfg': 'advisory-lens-ios' } };
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(join(user, 'User', 'settings.json'), JSON.stringify(settings));
  writeFileSync(join(home, 'config.yaml'), '');
  const places = [
    '--config',
    join(home, 'config.yaml'),
    '--user-data-dir',
    user,
    '--extensions-dir',
    join(home, 'ext'),
  ];
  const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };

  // Its complaints about native modules that were never compiled mean nothing here.
  execFileSync(node, [entry, ...places, '--install-extension', vsix], { env, stdio: 'ignore' });
  const switches = [
    '--auth=none',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--disable-proxy',
    // Gives the page `driver.whenWorkbenchRestored`: a key that comes earlier is lost.
    '--vscode-option=enable-smoke-test-driver',
  ];
  const server = spawn(node, [entry, ...places, '--bind-addr', `127.0.0.1:${port}`, ...switches], {
    env,
    stdio: 'ignore',
  });
  await answers(`http://127.0.0.1:${port}/healthz`);
  return server;
}

async function openFile(page: Page, port: number, folder: string, file: string): Promise<void> {
  const payload = JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${port}${join(folder, file)}`]]);
  const query = `folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`;
  await page.goto(`http://127.0.0.1:${port}/?${query}`);
  await page.locator('.monaco-workbench').first().waitFor();
  await page.waitForFunction("typeof driver !== 'undefined'");
  await page.evaluate('driver.whenWorkbenchRestored()');
  await editor(page).waitFor();
}

export function editor(page: Page): Locator {
  return page.locator('.editor-instance .monaco-editor').first();
}

/** Puts the cursor on a line and column, both from 1, with the keyboard's own "go to line". */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget').first().waitFor();
  await page.keyboard.type(`${line}:${column}`);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
}

/** Runs a command by its name in the command palette. */
export async function runCommand(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F1');
  const palette = page.locator('.quick-input-widget').first();
  await palette.waitFor();
  await page.keyboard.type(name);
  await palette.locator('.monaco-list-row.focused', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Takes the item of an open quick pick that has this text. */
export async function pick(page: Page, text: string): Promise<void> {
  const list = page.locator('.quick-input-widget .monaco-list-row', { hasText: text }).first();
  await list.waitFor();
  await list.click();
}

/** The numbers of the lines on the screen that hold a squiggle of one severity. */
export async function squiggledLines(page: Page, severity: 'error' | 'warning' | 'info' | 'hint'): Promise<number[]> {
  const script = `(() => {
    const middle = (element) => { const box = element.getBoundingClientRect(); return box.top + box.height / 2; };
    const numbers = [...document.querySelectorAll('.editor-instance .margin .line-numbers')];
    const lines = [...document.querySelectorAll('.editor-instance .squiggly-${severity}')].map((squiggle) => {
      const y = middle(squiggle);
      const nearest = numbers.sort((a, b) => Math.abs(middle(a) - y) - Math.abs(middle(b) - y))[0];
      return Number(nearest?.textContent ?? 0);
    });
    return [...new Set(lines)].sort((a, b) => a - b);
  })()`;
  return await page.evaluate<number[]>(script);
}

/** Asks again until the answer is as wanted, and gives the last answer if it never is. */
export async function eventually<Answer>(
  page: Page,
  ask: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
): Promise<Answer> {
  let answer = await ask();
  for (let attempt = 0; attempt < 200 && !isWanted(answer); attempt += 1) {
    await page.waitForTimeout(100);
    answer = await ask();
  }
  return answer;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The probe has no port.');
  return address.port;
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not yet listening.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer.`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await ended;
}
