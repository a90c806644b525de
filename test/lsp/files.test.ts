import assert from 'node:assert/strict';
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  FileChangeType,
  type FullDocumentDiagnosticReport,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol';
import { type Client, folderWith, PUSH, span, startClient, uriOf, write } from './client.js';

const CORE = 'hostname core\nopen front\n';
const SHUT = 'hostname edge\nshut front\n';

/** By URI, the lines of the workspace's findings. */
async function findings(client: Client): Promise<Record<string, string[]>> {
  const { items } = await client.pullWorkspace();
  const full = items.filter(
    (item): item is (typeof items)[number] & FullDocumentDiagnosticReport => item.kind === 'full',
  );
  return Object.fromEntries(
    full.map(({ uri, items }) => [uri, items.map(({ range, message }) => `${range.start.line}: ${message}`)]),
  );
}

const OPEN = ['1: The door front is open. Advisories: 0.'];

describe('files on disk', () => {
  it('are read whatever their name and encoding, but not binary or tools’ ones', async (context) => {
    const folder = folderWith(context, {
      core: CORE,
      'with mark.txt': `\ufeff${CORE}`,
      'a/utf-16 (é).conf': Buffer.from(`\ufeff${CORE}`, 'utf16le'),
      'b/nul.cfg': `${CORE}\0\0`,
      'node_modules/x/core.cfg': CORE,
      '.git/core.cfg': CORE,
      'firmware.bin': Buffer.from(Array.from({ length: 999 }, (_, index) => index % 7)),
      'prose.md': 'open front\n',
    });
    const client = await startClient(context, { folders: [folder] });
    const uris = Object.keys(await findings(client)).map((uri) => decodeURIComponent(uri.slice(uriOf(folder).length)));
    assert.deepEqual(uris.sort(), ['/a/utf-16 (é).conf', '/b/nul.cfg', '/core', '/with mark.txt']);
  });

  it('are read once, though links lead in circles', async (context) => {
    const outside = folderWith(context, { 'far.cfg': CORE });
    const above = folderWith(context, { 'deep/folder/a/core.cfg': CORE, 'other.cfg': CORE });
    const folder = join(above, 'deep', 'folder');
    symlinkSync(above, join(folder, 'above'));
    symlinkSync(folder, join(folder, 'a', 'loop'));
    symlinkSync(folder, join(outside, 'back'));
    write(join(folder, '.git', 'annex', 'object'), CORE);
    symlinkSync(join(folder, '.git', 'annex', 'object'), join(folder, 'annexed.cfg'));
    symlinkSync(join(folder, 'a', 'core.cfg'), join(folder, 'again.cfg'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling.cfg'));
    symlinkSync(join(folder, 'self.cfg'), join(folder, 'self.cfg'));
    symlinkSync(outside, join(folder, 'outside'));
    symlinkSync(outside, join(folder, 'outside-again'));
    const client = await startClient(context, { folders: [folder] });
    assert.deepEqual(Object.keys(await findings(client)).sort(), [
      uriOf(folder, 'a', 'core.cfg'),
      uriOf(folder, 'annexed.cfg'),
      uriOf(folder, 'outside', 'far.cfg'),
    ]);
  });

  it('are watched', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE });
    const core = uriOf(folder, 'core.cfg');
    const client = await startClient(context, { folders: [folder] });
    const { registrations } = await client.next<{ registrations: { method: string; registerOptions: unknown }[] }>(
      'client/registerCapability',
      ({ registrations }) => registrations[0]?.method === 'workspace/didChangeWatchedFiles',
    );
    assert.deepEqual(registrations[0]?.registerOptions, { watchers: [{ globPattern: '**/*' }] });
    assert.deepEqual(await findings(client), { [core]: OPEN });
    client.drain('workspace/diagnostic/refresh');

    write(join(folder, 'edge.cfg'), SHUT);
    await client.watched(FileChangeType.Created, uriOf(folder, 'edge.cfg'));
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await findings(client), {});

    write(join(folder, 'edge.cfg'), 'hostname edge\n');
    await client.watched(FileChangeType.Changed, uriOf(folder, 'edge.cfg'));
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await findings(client), { [core]: OPEN });

    rmSync(join(folder, 'core.cfg'));
    await client.watched(FileChangeType.Deleted, core);
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await findings(client), {});
  });

  it('may come and go by the folder', async (context) => {
    const outside = folderWith(context, { 'new/core.cfg': CORE });
    const folder = folderWith(context, {});
    const client = await startClient(context, { folders: [folder] });
    assert.deepEqual(await findings(client), {});
    renameSync(join(outside, 'new'), join(folder, 'new'));
    await client.watched(FileChangeType.Created, uriOf(folder, 'new'));
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await findings(client), { [uriOf(folder, 'new', 'core.cfg')]: OPEN });
    rmSync(join(folder, 'new'), { recursive: true });
    await client.watched(FileChangeType.Deleted, uriOf(folder, 'new'));
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await findings(client), {});
  });

  it('count less than what the editor shows, until it is closed', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE });
    const core = uriOf(folder, 'core.cfg');
    const client = await startClient(context, { folders: [folder], capabilities: PUSH });
    await client.published(core);
    await client.open(core, 'hostname core\n');
    assert.deepEqual((await client.published(core)).diagnostics, []);
    write(join(folder, 'core.cfg'), `\n${CORE}`);
    await client.watched(FileChangeType.Changed, core);
    await client.change(core, { range: span(1, 0, 0), text: '\n\nopen back\n' });
    assert.deepEqual(
      (await client.published(core)).diagnostics.map(({ range }) => range),
      [span(3, 0, 9)],
    );
    await client.close(core);
    // The saved text may be shown as it was last read, until it has been read again.
    const isOnLine2 = ({ uri, diagnostics }: PublishDiagnosticsParams) =>
      uri === core && diagnostics[0]?.range.start.line === 2;
    assert.equal((await client.next('textDocument/publishDiagnostics', isOnLine2)).diagnostics.length, 1);
  });
});

describe('review sets', () => {
  it('end at a site file and at a workspace folder', async (context) => {
    const north = folderWith(context, {
      'core.cfg': CORE,
      'branch/advisory-lens.json': '{}',
      'branch/deep/core.cfg': CORE,
      'branch/deep/edge.cfg': SHUT,
    });
    const south = folderWith(context, { 'core.cfg': CORE });
    const client = await startClient(context, { folders: [north] });
    assert.deepEqual(await findings(client), { [uriOf(north, 'core.cfg')]: OPEN });

    await client.notify('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ uri: uriOf(south), name: 'south' }], removed: [] },
    });
    assert.deepEqual(await findings(client), {
      [uriOf(north, 'core.cfg')]: OPEN,
      [uriOf(south, 'core.cfg')]: OPEN,
    });

    rmSync(join(north, 'branch', 'advisory-lens.json'));
    client.drain('workspace/diagnostic/refresh');
    await client.watched(FileChangeType.Deleted, uriOf(north, 'branch', 'advisory-lens.json'));
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await findings(client), { [uriOf(south, 'core.cfg')]: OPEN });

    await client.notify('workspace/didChangeWorkspaceFolders', {
      event: { added: [], removed: [{ uri: uriOf(south), name: 'south' }] },
    });
    assert.deepEqual(await findings(client), {});
  });

  it('show what is wrong with their site file, and judge again once it is mended', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'advisory-lens.json': '{' });
    const site = uriOf(folder, 'advisory-lens.json');
    const client = await startClient(context, { folders: [folder] });
    await client.open(site, '{');
    assert.deepEqual(await client.items(site), [
      {
        range: span(0, 0, 1),
        severity: 1,
        source: 'advisory-lens',
        code: 'site-file',
        message: 'This is no JSON.',
      },
    ]);
    assert.deepEqual(await client.items(uriOf(folder, 'core.cfg')), []);
    assert.deepEqual(await client.request('advisoryLens/fileStatus', { uri: site }), {
      uri: site,
      chosen: false,
      problem: 'advisory-lens.json, line 1: This is no JSON.',
    });
    client.drain('workspace/diagnostic/refresh');
    await client.change(site, { range: span(0, 1, 1), text: '}' });
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await findings(client), { [uriOf(folder, 'core.cfg')]: OPEN });
  });

  it('hold the advisories that their site file names', async (context) => {
    const folder = folderWith(context, {
      'core.cfg': CORE,
      'advisory-lens.json': '{"advisories": ["more/*.json"]}',
      'more/one.json': '{}',
      'more/two.json': '{}',
      'other/three.json': '{}',
    });
    const core = uriOf(folder, 'core.cfg');
    const site = uriOf(folder, 'advisory-lens.json');
    const client = await startClient(context, { folders: [folder] });
    assert.deepEqual(await findings(client), { [core]: ['1: The door front is open. Advisories: 2.'] });
    await client.open(site, '{"advisories": ["more/*.json"]}');
    client.drain('workspace/diagnostic/refresh');
    await client.change(site, { text: '{"advisories": ["other/*.json"]}' });
    await client.next('workspace/diagnostic/refresh', () => true);
    // The file is named now, and read after that.
    while ((await findings(client))[core]?.[0] !== '1: The door front is open. Advisories: 1.') {
      await client.next('workspace/diagnostic/refresh');
    }
  });

  it('follow the dialects that are chosen in the settings', async (context) => {
    const folder = folderWith(context, { 'a/plain.txt': 'open front\n', 'b/plain.txt': 'open front\n' });
    const plain = uriOf(folder, 'a', 'plain.txt');
    const client = await startClient(context, { folders: [folder] });
    assert.deepEqual(await findings(client), {});
    client.settings = { [uriOf(folder)]: { dialects: { '**/*.txt': 'toy', 'b/plain.txt': 'other' } } };
    await client.notify('workspace/didChangeConfiguration', { settings: null });
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await findings(client), { [plain]: ['0: The door front is open. Advisories: 0.'] });
    await client.open(plain, 'open front\n');
    const status = await client.request<{ chosen: boolean }>('advisoryLens/fileStatus', { uri: plain });
    assert.equal(status.chosen, true);
  });

  it('follow settings that are pushed', async (context) => {
    const folder = folderWith(context, { 'plain.txt': 'open front\n' });
    const client = await startClient(context, {
      folders: [folder],
      capabilities: PUSH,
      initializationOptions: { settings: { dialects: { 'plain.txt': 'toy' } } },
    });
    assert.equal((await client.published(uriOf(folder, 'plain.txt'))).diagnostics.length, 1);
    await client.notify('workspace/didChangeConfiguration', { settings: { advisoryLens: { dialects: {} } } });
    assert.equal((await client.published(uriOf(folder, 'plain.txt'))).diagnostics.length, 0);
  });
});
