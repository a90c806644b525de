/** What a client, or somebody who chose the names and texts, sends to see the server fall. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CodeAction } from 'vscode-languageserver-protocol/node';
import { OPEN } from '../cli/support/configs.js';
import { type Client, folderWith, startClient, uriOf } from './client.js';

const at = (line: number, character: number) => ({ line, character });
const WHOLE = { start: at(0, 0), end: at(9999, 0) };

/** The configuration is open in both directions. */
const FINDINGS = 2;

/** Opens the configuration under a URI, and answers how many findings and fixes it has there. */
async function judged(client: Client, uri: string): Promise<{ findings: number; fixedUri: string | undefined }> {
  await client.open(uri, OPEN);
  const findings = (await client.items(uri)).length;
  const params = { textDocument: { uri }, range: WHOLE, context: { diagnostics: [] } };
  const [action] = await client.request<CodeAction[]>('textDocument/codeAction', params);
  const { edit } = await client.request<CodeAction>('codeAction/resolve', action);
  await client.close(uri);
  const [change] = edit?.documentChanges ?? [];
  return { findings, fixedUri: change !== undefined && 'textDocument' in change ? change.textDocument.uri : undefined };
}

describe('the built server judges a document under any URI, and fixes that very one', () => {
  for (const uri of [
    'untitled:Untitled-1',
    'git:/x/a.cfg?{"path":"/x/a.cfg","ref":"HEAD"}',
    'vscode-vfs://github/owner/repository/a.cfg',
    'file:///C%3A/x/a.cfg',
    'file:///c:/x/%E0%A4%A.cfg',
    'file:///x/%00.cfg',
    'file://server/share/a%20b.cfg',
    'FILE:///x/a.cfg',
    'file:///x/../../a.cfg',
    'file:///x/a%2Fb.cfg',
    'file:///x/\u202e\n.cfg',
    `untitled:${'x'.repeat(100_000)}`,
    '__proto__',
    'constructor',
    '%',
    '   ',
  ]) {
    it(JSON.stringify(uri.slice(0, 60)), async (context) => {
      const client = await startClient(context, { server: 'built' });
      assert.deepEqual(await judged(client, uri), { findings: FINDINGS, fixedUri: uri });
    });
  }
});

describe('the built server survives', () => {
  it('places that are none', async (context) => {
    const client = await startClient(context, { server: 'built' });
    for (const range of [
      { start: at(5, 3), end: at(1, 0) },
      { start: at(-5, -3), end: at(1, 0) },
      { start: at(2 ** 31, 2 ** 31), end: at(2 ** 53, 0) },
      { start: at(0.5, 0.5), end: at(1.5, 2) },
    ]) {
      await client.open('untitled:a', OPEN);
      await client.change('untitled:a', { range, text: '!x\n' });
      await client.items('untitled:a');
      await client.change('untitled:a', { text: OPEN });
      assert.equal((await client.items('untitled:a')).length, FINDINGS, JSON.stringify(range));
      await client.close('untitled:a');
    }
  });

  it('documents without a text, which cost nobody else an answer', async (context) => {
    const folder = folderWith(context, { 'a.cfg': OPEN });
    const client = await startClient(context, { server: 'built', folders: [folder] });
    for (const text of [undefined, null, 7, {}, [OPEN]]) {
      const document = { uri: uriOf(folder, 'b.cfg'), languageId: 'plaintext', version: 1, text };
      await client.notify('textDocument/didOpen', { textDocument: document });
      assert.equal((await client.items(uriOf(folder, 'a.cfg'))).length, FINDINGS);
      await client.close(uriOf(folder, 'b.cfg'));
    }
    assert.equal((await client.pullWorkspace()).items.length, 1);
  });

  it('five thousand documents that come and go, and tells of those that stay', async (context) => {
    const client = await startClient(context, { server: 'built' });
    for (let index = 0; index < 5000; index += 1) {
      void client.open(`untitled:${index}`, OPEN);
      void client.close(`untitled:${index}`);
    }
    await client.open('untitled:last', OPEN);
    assert.equal((await client.items('untitled:last')).length, FINDINGS);
    assert.equal((await client.pullWorkspace()).items.length, 1);
  });

  it('a line of twenty million characters', async (context) => {
    const client = await startClient(context, { server: 'built' });
    await client.open('untitled:a', `${OPEN}${'x '.repeat(10_000_000)}\n`);
    assert.equal((await client.items('untitled:a')).length, FINDINGS);
    await client.change('untitled:a', { range: { start: at(0, 0), end: at(0, 0) }, text: '!\n' });
    assert.equal((await client.items('untitled:a')).length, FINDINGS);
  });
});

describe('what the built server says of itself', () => {
  it('holds nothing of a configuration, whatever goes wrong', async (context) => {
    const canary = 'Canary7Secret';
    const client = await startClient(context, { server: 'built' });
    let said = '';
    await client.open('untitled:a', OPEN.replace('hostname core1', `hostname core1\nenable secret ${canary}`));
    client.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      said += message;
    });
    const textDocument = { uri: 'untitled:a' };
    for (const [method, params] of [
      ['textDocument/hover', { textDocument, position: null }],
      ['textDocument/codeAction', { textDocument, range: null, context: null }],
      ['codeAction/resolve', { title: 'x', data: null }],
      ['workspace/diagnostic', { previousResultIds: null }],
      ['advisoryLens/vlanAt', { uri: 7 }],
    ] as const) {
      const answer = await client.request(method, params).catch((error: Error) => error.message);
      said += JSON.stringify(answer);
    }
    await client.change('untitled:a', { range: { start: at(1, 0) }, text: canary } as never);
    assert.equal((await client.items('untitled:a')).length, FINDINGS);
    assert.match(said, /The server goes on/);
    assert.ok(!said.includes(canary));
  });
});
