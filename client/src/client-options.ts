import { workspace } from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient';
import { type InitializationOptions, SETTINGS_SECTION, type Settings } from '../../server/src/protocol.js';

/** The client's id is also the section of its `trace.server` setting. */
export const CLIENT_ID = SETTINGS_SECTION;
export const CLIENT_NAME = 'Advisory Lens';

/** Schemes of documents that a user writes; `git:`, `output:` and their like are none of them. */
const SCHEMES = ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'vscode-test-web', 'memfs'];

/**
 * Every language is selected: a configuration has no file ending of its own, and what its language
 * is called depends on which other extensions are there. The server looks at the content.
 */
export function clientOptions(): LanguageClientOptions {
  const folders = (workspace.workspaceFolders ?? []).map((folder) => folder.uri.scheme);
  const schemes = [...new Set([...SCHEMES, ...folders])];
  const initializationOptions: InitializationOptions = { settings: settings(), clientFiles: true };
  return {
    documentSelector: schemes.map((scheme) => ({ scheme })),
    initializationOptions,
    markdown: { isTrusted: false, supportHtml: false },
  };
}

function settings(): Settings {
  const dialects = workspace.getConfiguration(SETTINGS_SECTION).get<Record<string, string>>('dialects', {});
  // A copy, because the editor's own object is a proxy, which no message to a worker can carry.
  return { dialects: { ...dialects } };
}
