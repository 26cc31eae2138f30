export interface BuildOptions {
  readonly only?: 'server' | 'webapp';
  readonly ifMissing?: boolean;
  readonly say?: (line: string) => void;
}
export function ensureBuilt(options?: BuildOptions): Promise<void>;
export function newestChange(path: string): number;
