export { createLogger, type LogOptions, type LogOutput } from './create-logger.ts';
export { type LogFields, type Logger, silentLogger } from './logger.ts';
export { createMetrics, type Metrics, type RealtimeStats } from './metrics.ts';
export { redactText } from './redact.ts';
