import { DidChangeConfigurationNotification } from 'vscode-languageserver';
import { SETTINGS_SECTION, type Settings } from '../protocol.js';
import { matchesAny } from './globs.js';
import { relativePath, uriOfPath } from './paths.js';
import type { DialectChooser, ReviewSets } from './review-sets.js';
import type { Scanner } from './scanner.js';
import { guardedEvent, ignoreRefusal, type Session } from './session.js';

/**
 * Keeps the review sets at the dialects that the settings choose.
 * @returns reads the settings and acts on them, to be called once at the start and when the folders change
 */
export function serveSettings(session: Session, scanner: Scanner): () => Promise<void> {
  const { connection, client, sets } = session;
  let pushed: unknown = client.options.settings;

  const apply = guardedEvent(connection, 'workspace/configuration', async () => {
    const chooser = await readSettings(session, pushed);
    sets.setDialects(chooser);
    session.changed();
    const chosen = sets.dropped().filter((path) => chooser(path) !== undefined);
    if (chosen.length > 0) await scanner.read(chosen);
  });
  connection.onDidChangeConfiguration(
    guardedEvent(connection, 'workspace/didChangeConfiguration', ({ settings }) => {
      if (isRecord(settings)) pushed = settings[SETTINGS_SECTION] ?? pushed;
      return apply();
    }),
  );
  return apply;
}

/** Asks to be told of changes, where a client tells only those who ask. */
export function watchSettings({ connection, client }: Session): void {
  if (!client.registersConfiguration) return;
  const section = SETTINGS_SECTION;
  ignoreRefusal(connection.client.register(DidChangeConfigurationNotification.type, { section }));
}

/** The settings as the client has them now: asked for, folder by folder, where it can be asked; else as it sent them. */
async function readSettings({ connection, client, sets }: Session, pushed: unknown): Promise<DialectChooser> {
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
