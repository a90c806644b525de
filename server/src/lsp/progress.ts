import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';

/** The progress of one scan, as the client shows it; a client that shows none costs nothing. */
export interface ScanProgress {
  report(done: number, of: number): void;
  done(): void;
  isCancelled(): boolean;
}

/** Starts at once; the client's leave to show it may come later, or never. */
export function startProgress(connection: Connection, title: string): ScanProgress {
  let reporter: WorkDoneProgressServerReporter | undefined;
  let isDone = false;
  let lastPercentage = 0;
  connection.window.createWorkDoneProgress().then(
    (created) => {
      created.begin(title, 0, undefined, true);
      if (isDone) created.done();
      else reporter = created;
    },
    () => {
      // The client declined to show it.
    },
  );
  return {
    report(done, of) {
      const percentage = Math.floor((100 * done) / of);
      if (percentage === lastPercentage) return;
      lastPercentage = percentage;
      reporter?.report(percentage, `${done} of ${of} files`);
    },
    done() {
      isDone = true;
      reporter?.done();
    },
    isCancelled: () => reporter?.token.isCancellationRequested === true,
  };
}
