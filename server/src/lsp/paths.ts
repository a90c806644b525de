/**
 * The server names files by *paths*: their URIs without percent-encoding. Editors encode the same
 * file differently (`c:` and `c%3A`, `(` and `%28`), globs and people want the plain characters, and
 * decoding then encoding gives the same file back.
 */

export function pathOfUri(uri: string): string {
  let path: string;
  try {
    path = decodeURIComponent(uri);
  } catch {
    // It was never encoded: a stray percent sign is a percent sign.
    path = uri;
  }
  return path.replace(/^file:\/\/\/([A-Z]):/, (_, drive: string) => `file:///${drive.toLowerCase()}:`);
}

/** The URI of a path, encoded as VS Code does. */
export function uriOfPath(path: string): string {
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(path)?.[0] ?? '';
  return (
    scheme +
    path
      .slice(scheme.length)
      .split('/')
      // In `scheme://host:80/path` the third piece is the authority, where a colon stands for itself.
      .map((piece, index) => (index === 2 ? encode(piece).replaceAll('%3A', ':') : encode(piece)))
      .join('/')
  );
}

function encode(piece: string): string {
  return encodeURIComponent(piece).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A folder's path without a slash at its end. */
export function folderPath(uri: string): string {
  return pathOfUri(uri).replace(/\/+$/, '');
}

export function isUnder(folder: string, path: string): boolean {
  return path.length > folder.length && path.startsWith(folder) && path[folder.length] === '/';
}

/** The path of `path` within `folder`, which holds it. */
export function relativePath(folder: string, path: string): string {
  return path.slice(folder.length + 1);
}

export function parentFolder(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
