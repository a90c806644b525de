import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import {
  type ClientCapabilities,
  createMessageConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  ErrorCodes,
  type FileChangeType,
  type InitializeResult,
  type MessageConnection,
  type PublishDiagnosticsParams,
  type Range,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
  type WorkspaceDiagnosticReport,
} from 'vscode-languageserver-protocol/node';

/** The servers under test: the built one, by itself and by the command line, and the one with toy configurations. */
const COMMANDS = {
  built: ['dist/server.js', '--stdio'],
  cli: ['dist/cli.js', 'lsp', '--stdio'],
  toy: [join(mkdtempSync(join(tmpdir(), 'advisory-lens-toy-')), 'server.cjs'), '--stdio'],
} as const;

// Bundled once for all the servers of a test file: loading the sources takes each of them half a second.
const [toy] = COMMANDS.toy;
buildSync({ entryPoints: ['test/lsp/toy/main.ts'], outfile: toy, bundle: true, platform: 'node', logLevel: 'warning' });
process.on('exit', () => rmSync(dirname(toy), { recursive: true, force: true }));

export const PULL: ClientCapabilities = {
  general: { positionEncodings: ['utf-16'] },
  textDocument: {
    diagnostic: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
    codeAction: {
      dataSupport: true,
      isPreferredSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } },
    },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
  },
  workspace: {
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
    workspaceFolders: true,
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
  window: { workDoneProgress: true },
};

/** A client from before pulled diagnostics, lazy edits and document versions. */
export const PUSH: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
  },
};

export interface Options {
  readonly server?: keyof typeof COMMANDS;
  readonly capabilities?: ClientCapabilities;
  /** Paths of folders. */
  readonly folders?: readonly string[];
  readonly initializationOptions?: unknown;
  /** The answer to `workspace/configuration` for the section, by folder URI; '' is without a folder. */
  readonly settings?: Record<string, unknown>;
  /** Answers every request of the server with an error. */
  readonly declines?: boolean;
}

interface Message {
  readonly method: string;
  readonly params: unknown;
}

/** A language client that does what it is told, over the server's real stdio. */
export class Client {
  readonly connection: MessageConnection;
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  initializeResult: InitializeResult = { capabilities: {} };
  settings: Record<string, unknown>;
  /** What the server sent and no `next` has taken yet. */
  #received: Message[] = [];
  readonly #waiting = new Set<() => void>();
  #isOver = false;
  readonly #versions = new Map<string, number>();

  constructor({ server = 'toy', settings = {}, declines = false }: Options) {
    this.settings = settings;
    this.child = spawn(process.execPath, COMMANDS[server], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.exit = new Promise((resolve) => this.child.on('exit', resolve));
    const { stdin, stdout } = this.child;
    if (stdin === null || stdout === null) throw new Error('The server has no stdio.');
    const reader = new StreamMessageReader(stdout);
    // Its timer for the rest of a message starts itself again, also once the server was stopped in the midst of one.
    reader.partialMessageTimeout = 0;
    this.connection = createMessageConnection(reader, new StreamMessageWriter(stdin));
    this.connection.onNotification((method, params) => this.#receive({ method, params }));
    this.connection.onUnhandledProgress((params) => this.#receive({ method: '$/progress', params }));
    this.connection.onRequest((method, params) => {
      this.#receive({ method, params });
      if (declines) return new ResponseError(ErrorCodes.InternalError, 'No.');
      if (method !== 'workspace/configuration') return null;
      const { items } = params as unknown as { items: { scopeUri?: string }[] };
      return items.map(({ scopeUri = '' }) => this.settings[scopeUri] ?? null);
    });
    this.connection.listen();
    void this.exit.then(() => {
      this.#isOver = true;
      this.connection.dispose();
      for (const wake of [...this.#waiting]) wake();
    });
  }

  #receive(message: Message): void {
    this.#received.push(message);
    for (const wake of [...this.#waiting]) wake();
  }

  /** Takes the first message of a method that passes the test, now or when it comes. */
  async next<Params>(method: string, test: (params: Params) => boolean = () => true): Promise<Params> {
    for (;;) {
      const index = this.#received.findIndex((message) => message.method === method && test(message.params as Params));
      if (index !== -1) return this.#received.splice(index, 1)[0]?.params as Params;
      if (this.#isOver) throw new Error(`The server ended before it sent ${method}.`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** Takes all messages of a method that have come so far. */
  drain(method: string): void {
    this.#received = this.#received.filter((message) => message.method !== method);
  }

  /** The messages of a method that have come so far and were not taken. */
  seen(method: string): unknown[] {
    return this.#received.filter((message) => message.method === method).map(({ params }) => params);
  }

  request<Result>(method: string, params: unknown): Promise<Result> {
    return this.connection.sendRequest(method, params);
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  async open(uri: string, text: string, version = 1): Promise<void> {
    this.#versions.set(uri, version);
    await this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'plaintext', version, text } });
  }

  async change(uri: string, ...contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  async close(uri: string): Promise<void> {
    await this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.request('textDocument/diagnostic', {
      textDocument: { uri },
      ...(previousResultId !== undefined && { previousResultId }),
    });
  }

  async items(uri: string): Promise<Diagnostic[]> {
    const report = await this.pull(uri);
    if (report.kind !== 'full') throw new Error('Expected a full report.');
    return report.items;
  }

  pullWorkspace(previousResultIds: { uri: string; value: string }[] = []): Promise<WorkspaceDiagnosticReport> {
    return this.request('workspace/diagnostic', { previousResultIds });
  }

  published(uri: string): Promise<PublishDiagnosticsParams> {
    return this.next('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => params.uri === uri);
  }

  async watched(type: FileChangeType, ...uris: string[]): Promise<void> {
    await this.notify('workspace/didChangeWatchedFiles', { changes: uris.map((uri) => ({ uri, type })) });
  }

  /** Ends the server as the protocol has it; answers its exit code. */
  async shutdown(): Promise<number | null> {
    await this.request('shutdown', undefined);
    await this.notify('exit', undefined);
    return this.exit;
  }
}

/** Starts a server and a client that says `initialize`; both end with the test. */
export async function startClient(context: TestContext, options: Options = {}): Promise<Client> {
  const client = new Client(options);
  context.after(async () => {
    client.child.kill();
    await client.exit;
  });
  const { capabilities = PULL, folders = [], initializationOptions } = options;
  client.initializeResult = await client.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities,
    workspaceFolders: folders.map((folder) => ({ uri: uriOf(folder), name: folder })),
    ...(initializationOptions !== undefined && { initializationOptions }),
  });
  await client.notify('initialized', {});
  return client;
}

/** A new folder with these files, by relative path; it goes with the test. */
export function folderWith(context: TestContext, files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'advisory-lens-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) write(join(folder, path), content);
  return folder;
}

export function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

export function uriOf(...path: string[]): string {
  return pathToFileURL(join(...path)).href;
}

/** A range on one line, all from 0. */
export function span(line: number, start: number, end: number): Range {
  return { start: { line, character: start }, end: { line, character: end } };
}
