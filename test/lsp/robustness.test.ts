import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { Client, folderWith, PUSH, span, startClient, uriOf } from './client.js';

const CORE = 'hostname core\nopen front\n';

describe('the server survives', () => {
  it('a bug: it costs one answer, and says nothing of the text', async (context) => {
    const folder = folderWith(context, { 'core.cfg': `${CORE}bug hover\nbug fixesOf\n` });
    const uri = uriOf(folder, 'core.cfg');
    const client = await startClient(context, { folders: [folder] });
    const hover = { textDocument: { uri }, position: { line: 1, character: 0 } };
    await assert.rejects(client.request('textDocument/hover', hover), {
      code: -32603,
      message: 'textDocument/hover failed. The server goes on.',
    });
    assert.deepEqual(await client.next('window/logMessage'), {
      type: 1,
      message: 'textDocument/hover failed: TypeError',
    });
    const context1 = { diagnostics: [] };
    const range = span(1, 0, 0);
    await assert.rejects(
      client.request('textDocument/codeAction', { textDocument: { uri }, range, context: context1 }),
    );
    assert.equal((await client.items(uri)).length, 1);
  });

  it('a bug in the judgement, which looks like an error and never like a clean file', async (context) => {
    const client = await startClient(context);
    await client.open('untitled:a', `${CORE}bug findings\n`);
    await assert.rejects(client.pull('untitled:a'), { code: -32603 });
    await client.change('untitled:a', {
      range: { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } },
      text: '',
    });
    assert.equal((await client.items('untitled:a')).length, 1);
  });

  it('a bug in the judgement of one set, while others are judged', async (context) => {
    const client = await startClient(context, { capabilities: PUSH });
    await client.open('untitled:a', `${CORE}bug findings\n`);
    await client.open('untitled:b', CORE);
    assert.equal((await client.published('untitled:b')).diagnostics.length, 1);
  });

  it('a bug while it sorts out what it has read', async (context) => {
    const folder = folderWith(context, {
      'core.cfg': CORE,
      'branch/advisory-lens.json': '{}',
      'branch/core.cfg': `${CORE}bug fileSummary\n`,
    });
    const client = await startClient(context, { folders: [folder] });
    assert.equal((await client.items(uriOf(folder, 'core.cfg'))).length, 1);
    assert.equal((await client.items(uriOf(folder, 'branch', 'core.cfg'))).length, 1);
  });

  it('a client that declines what it said it could', async (context) => {
    const client = await startClient(context, { declines: true });
    await client.next('client/registerCapability');
    await client.open('untitled:a', CORE);
    await client.next('workspace/configuration');
    assert.equal((await client.items('untitled:a')).length, 1);
  });

  it('requests about nothing', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE });
    const client = await startClient(context, { folders: [folder] });
    const methods = [
      'textDocument/hover',
      'textDocument/definition',
      'textDocument/references',
      'textDocument/documentSymbol',
      'textDocument/codeAction',
      'textDocument/diagnostic',
    ];
    const nothing = { context: { diagnostics: [] }, range: span(0, 0, 0), position: { line: 0, character: 0 } };
    for (const uri of [uriOf(folder, 'unknown.cfg'), 'what:is/this', '%', '']) {
      for (const method of methods) {
        const answer = await client.request(method, { textDocument: { uri }, ...nothing });
        assert.ok(answer === null || Array.isArray(answer) || typeof answer === 'object', `${method} ${uri}`);
      }
    }
    for (const method of methods) {
      for (const params of [{}, null, { textDocument: null }, { textDocument: { uri: 7 }, position: { line: 'x' } }]) {
        await assert.rejects(client.request(method, params), method);
      }
    }
    for (const position of [
      { line: 9999, character: 0 },
      { line: 0, character: 9999 },
      { line: -1, character: -1 },
    ]) {
      const params = { textDocument: { uri: uriOf(folder, 'core.cfg') }, position };
      assert.equal(await client.request('textDocument/hover', params), null);
    }
    for (const method of ['advisoryLens/fileStatus', 'advisoryLens/vlanAt', 'advisoryLens/siteFile']) {
      await assert.rejects(client.request(method, null), method);
    }
    await assert.rejects(client.request('no/such/method', {}), { code: -32601 });
    assert.equal((await client.items(uriOf(folder, 'core.cfg'))).length, 1);
  });

  it('notifications about nothing', async (context) => {
    const client = await startClient(context);
    await client.change('untitled:never-opened', { text: 'x' });
    await client.close('untitled:never-opened');
    await client.notify('textDocument/didOpen', {});
    await client.notify('workspace/didChangeWatchedFiles', {});
    await client.notify('workspace/didChangeConfiguration', {});
    await client.notify('no/such/notification', {});
    await client.open('untitled:a', CORE);
    await client.change('untitled:a', { range: span(500, 1, 2), text: 'open back\n' });
    assert.equal((await client.items('untitled:a')).length, 2);
  });

  it('folders that are not there', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE });
    const client = await startClient(context, { folders: [join(folder, 'gone'), folder] });
    assert.equal((await client.items(uriOf(folder, 'core.cfg'))).length, 1);
    await client.next('window/logMessage', ({ message }: { message: string }) => message.includes('gone'));
  });
});

describe('the first scan', () => {
  it('shows its progress', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': 'hostname edge\n' });
    const client = await startClient(context, { folders: [folder] });
    const values: { kind: string; title?: string }[] = [];
    do {
      const { value } = await client.next<{ value: { kind: string } }>('$/progress');
      values.push(value);
    } while (values.at(-1)?.kind !== 'end');
    assert.equal(values[0]?.kind, 'begin');
    assert.equal(values[0]?.title, 'Advisory Lens: reading configurations');
  });

  it('can be cancelled, and says that it was', async (context) => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`slow-${index}.cfg`, CORE]));
    const folder = folderWith(context, files);
    const client = await startClient(context, { folders: [folder] });
    const { token } = await client.next<{ token: string }>('$/progress');
    await client.notify('window/workDoneProgress/cancel', { token });
    await client.notify('toy/release', {});
    const { message } = await client.next<{ message: string }>('window/logMessage');
    assert.equal(message, 'The review was cancelled: 16 of 40 files were read.');
    assert.equal((await client.pullWorkspace()).items.length, 16);
  });

  it('is awaited by a request, which can be cancelled meanwhile', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'slow.cfg': 'hostname slow\n' });
    const uri = uriOf(folder, 'core.cfg');
    const client = await startClient(context, { folders: [folder] });
    await client.open('untitled:lone', CORE);
    assert.equal((await client.items('untitled:lone')).length, 1, 'a lone file waits for no scan');
    const source = new CancellationTokenSource();
    const given = client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, source.token);
    const awaited = client.items(uri);
    source.cancel();
    await assert.rejects(given, { code: -32800 });
    await client.notify('toy/release', {});
    assert.equal((await awaited).length, 1);
  });

  it('tells of what cannot be read', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'dump.cfg': CORE });
    truncateSync(join(folder, 'dump.cfg'), 100 * 1024 * 1024 + 1);
    const client = await startClient(context, { folders: [folder] });
    const { problems } = await client.request<{ problems: string[] }>('advisoryLens/review', {});
    assert.deepEqual(problems, ['dump.cfg is larger than 100 MB.']);
  });
});

describe('the end', () => {
  it('is exit code 0 after shutdown', async (context) => {
    const client = await startClient(context);
    assert.equal(await client.shutdown(), 0);
  });

  it('is exit code 1 without it', async (context) => {
    const client = await startClient(context);
    await client.notify('exit', undefined);
    assert.equal(await client.exit, 1);
  });

  it('comes when the client is gone', async () => {
    const client = new Client({});
    await client.request('initialize', { processId: null, rootUri: null, capabilities: {} });
    client.child.stdin?.end();
    assert.equal(await client.exit, 1);
  });
});
