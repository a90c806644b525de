import type { Connection } from 'vscode-languageserver';
import { SETTINGS_SECTION, type Settings } from '../protocol.js';
import type { ClientAbilities } from './client-abilities.js';
import { matchesAny } from './globs.js';
import { relativePath, uriOfPath } from './paths.js';
import type { DialectChooser, ReviewSets } from './review-sets.js';

/**
 * The settings as the client has them now: asked for, folder by folder, where it can be asked.
 * @param pushed what a client that cannot be asked has sent
 */
export async function readSettings(
  connection: Connection,
  client: ClientAbilities,
  sets: ReviewSets,
  pushed: unknown,
): Promise<DialectChooser> {
  const { folders } = sets;
  if (!client.configuration) return dialectChooser(sets, new Map(), settingsOf(pushed));
  const answers: unknown[] = await connection.workspace.getConfiguration([
    { section: SETTINGS_SECTION },
    ...folders.map((folder) => ({ section: SETTINGS_SECTION, scopeUri: uriOfPath(folder) })),
  ]);
  const byFolder = new Map(folders.map((folder, index) => [folder, settingsOf(answers[index + 1])]));
  return dialectChooser(sets, byFolder, settingsOf(answers[0]));
}

/** What can be used of something that a client says its settings are. */
function settingsOf(value: unknown): Settings {
  const dialects = isRecord(value) && isRecord(value.dialects) ? value.dialects : {};
  const entries = Object.entries(dialects).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { dialects: Object.fromEntries(entries) };
}

/** The members of a `workspace/didChangeConfiguration` that are ours. */
export function sectionOf(settings: unknown): unknown {
  return isRecord(settings) ? settings[SETTINGS_SECTION] : undefined;
}

function dialectChooser(sets: ReviewSets, byFolder: ReadonlyMap<string, Settings>, general: Settings): DialectChooser {
  return (path) => {
    const folder = sets.folderOf(path);
    const { dialects = {} } = byFolder.get(folder ?? '') ?? general;
    // A file outside every folder has no relative path, and is matched by globs on its whole one.
    const relative = folder === undefined ? path.replace(/^[^/]*\/*/, '') : relativePath(folder, path);
    return Object.entries(dialects)
      .filter(([pattern]) => matchesAny(relative, [pattern]))
      .at(-1)?.[1];
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
