/** Receives named events with fields, such as `node_started {node, port, ms}`. Never gets a secret. */
export type ClusterLog = (event: string, fields: Readonly<Record<string, string | number | boolean>>) => void;

export const noLog: ClusterLog = () => {};
