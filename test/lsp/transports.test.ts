import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type DataCallback,
  type Disposable,
  IPCMessageReader,
  IPCMessageWriter,
  type Message,
  type WorkspaceDiagnosticReport,
} from 'vscode-languageserver-protocol/node';
import type { ListFilesParams, ReadFileParams, ReadFileResult } from '../../server/src/protocol.js';
import { PULL } from './client.js';

const CORE = `hostname core
interface Vlan210
 description patient monitors
 ip address 10.20.10.1 255.255.255.0
interface GigabitEthernet0/1
 ip address 192.0.2.2 255.255.255.252
ip route 0.0.0.0 0.0.0.0 192.0.2.1
`;

/** Runs the worker's bundle with what a browser's worker has, and nothing of Node's. */
const IN_A_BROWSERS_CLOTHES = `
  const { readFileSync } = require('node:fs');
  const { runInNewContext } = require('node:vm');
  const { parentPort } = require('node:worker_threads');
  const clothes = { self: parentPort, console, setTimeout, clearTimeout, TextDecoder, TextEncoder, atob, crypto };
  runInNewContext(readFileSync('dist/server.web.js', 'utf8'), clothes);
`;

class WorkerReader extends AbstractMessageReader {
  readonly #worker: Worker;
  constructor(worker: Worker) {
    super();
    this.#worker = worker;
  }
  listen(callback: DataCallback): Disposable {
    this.#worker.on('message', callback);
    return { dispose: () => this.#worker.off('message', callback) };
  }
}

class WorkerWriter extends AbstractMessageWriter {
  readonly #worker: Worker;
  constructor(worker: Worker) {
    super();
    this.#worker = worker;
  }
  async write(message: Message): Promise<void> {
    this.#worker.postMessage(message);
  }
  end(): void {}
}

describe('the built server', () => {
  it('talks over the pipe of a forked process', async () => {
    const child = fork('dist/server.js', ['--node-ipc']);
    const exit = new Promise((resolve) => child.on('exit', resolve));
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    connection.listen();
    const { serverInfo } = await connection.sendRequest<{ serverInfo: { name: string } }>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
    });
    assert.equal(serverInfo.name, 'advisory-lens');
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    assert.equal(await exit, 0);
    connection.dispose();
  });

  it('runs in a browser’s worker, with the files that its client reads', async () => {
    const worker = new Worker(IN_A_BROWSERS_CLOTHES, { eval: true });
    const connection = createMessageConnection(new WorkerReader(worker), new WorkerWriter(worker));
    const folder = 'memfs:/a folder';
    const contents: Record<string, ReadFileResult> = {
      [`${folder}/core.cfg`]: { kind: 'bytes', base64: Buffer.from(`\ufeff${CORE}`, 'utf16le').toString('base64') },
      [`${folder}/node_modules/x.cfg`]: { kind: 'bytes', base64: Buffer.from(CORE).toString('base64') },
      [`${folder}/big.cfg`]: { kind: 'too-large', bytes: 200_000_000 },
      [`${folder}/locked.cfg`]: { kind: 'unreadable', reason: 'no permission' },
    };
    const asked: string[] = [];
    connection.onRequest('advisoryLens/listFiles', (params: ListFilesParams) => {
      assert.equal(decodeURIComponent(params.folder), folder);
      return { uris: Object.keys(contents).map(encodeURI), truncated: true };
    });
    connection.onRequest<ReadFileResult, void>('advisoryLens/readFile', ({ uri }: ReadFileParams) => {
      asked.push(decodeURIComponent(uri));
      return contents[decodeURIComponent(uri)] ?? { kind: 'missing' };
    });
    connection.onRequest(() => null);
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: PULL,
      workspaceFolders: [{ uri: encodeURI(folder), name: 'a folder' }],
      initializationOptions: { clientFiles: true },
    });
    await connection.sendNotification('initialized', {});
    const { items } = await connection.sendRequest<WorkspaceDiagnosticReport>('workspace/diagnostic', {
      previousResultIds: [],
    });
    assert.deepEqual(
      items.map((item) => [item.uri, item.kind === 'full' && item.items[0]?.code]),
      [[encodeURI(`${folder}/core.cfg`), 'target-reachable']],
    );
    assert.ok(!asked.includes(`${folder}/node_modules/x.cfg`));
    const { problems } = await connection.sendRequest<{ problems: string[] }>('advisoryLens/review', {});
    assert.deepEqual(problems, [
      `${folder} holds more than 50000 files; the rest was not read.`,
      'big.cfg is larger than 100 MB.',
      'locked.cfg cannot be read (no permission).',
    ]);
    connection.dispose();
    await worker.terminate();
  });
});
