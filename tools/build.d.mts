export interface BuildOptions {
  readonly only?: 'server' | 'webapp';
  readonly ifMissing?: boolean;
  readonly say?: (line: string) => void;
}
export function ensureBuilt(options?: BuildOptions): Promise<void>;
export function isBuilt(name: 'server' | 'webapp', project?: string): boolean;
export function newestChange(path: string): number;
