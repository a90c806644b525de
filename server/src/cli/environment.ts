import type { WorkspaceApi } from '../core/workspace.js';
import type { Progress } from './progress.js';

/** What a command needs of the world around it. */
export interface Environment {
  /** The working directory, absolute. */
  readonly cwd: string;
  readonly createWorkspace: () => WorkspaceApi;
  readonly progress: Progress;
}
