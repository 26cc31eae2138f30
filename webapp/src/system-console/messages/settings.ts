/**
 * What each setting of `SqlSettings` does, in words for the Settings tab. One that is not listed is shown without words:
 * the file may hold settings that this page does not know.
 */
export const settingMessages = {
  'setting.unit.ms': '{value} ms',
  'setting.unit.s': '{value} s',
  'setting.unit.bytes': '{value} bytes',
  'setting.DriverName': 'The engine of all data sources. Another one needs a restart.',
  'setting.DataSource': 'The master; after commas its replicas. The first entry is the one that is written to.',
  'setting.DataSourceReplicas': 'More replicas, one entry each. At most eight of all kinds together.',
  'setting.DataSourceSearchReplicas': 'Replicas that serve only search and statistics.',
  'setting.ReadFromMaster': 'Whether the master takes its share of the reads while replicas are fit.',
  'setting.MaxOpenConns':
    'Connections per pool at most. Times data sources, times servers: within what each database allows.',
  'setting.MaxIdleConns': 'How many of them stay open while there is nothing to do.',
  'setting.ConnMaxLifetimeMilliseconds': 'After this time a connection is replaced by a new one; 0 is never.',
  'setting.ConnMaxIdleTimeMilliseconds': 'After this time without work a connection is closed; 0 is never.',
  'setting.ConnectTimeoutMilliseconds': 'How long a connection may take to be made.',
  'setting.AcquireTimeoutMilliseconds': 'How long a statement may wait for a free connection.',
  'setting.QueryTimeout': 'How long a statement may take.',
  'setting.AnalyticsQueryTimeout': 'How long a statement of the statistics may take.',
  'setting.MigrationsStatementTimeoutSeconds': 'How long a statement that changes the schema may take.',
  'setting.Trace': 'Whether every statement is logged with its time, never with its values.',
  'setting.MonitorIntervalMilliseconds': 'Time between two checks of a data source.',
  'setting.MonitorTimeoutMilliseconds': 'A check without an answer after this time has failed.',
  'setting.ReplicaLagLimitMilliseconds': 'A replica that lags more leaves the rotation. It returns below half of it.',
  'setting.ReplicaLagLimitBytes': 'The same in bytes, for the time in which the lag is not known in seconds.',
  'setting.WriteHoldLimitMilliseconds':
    'How long a write may be held while the master moves or is lost; then it is refused.',
  'setting.WriteHoldMaximum': 'How many writes may be held at once; one more is refused.',
  'setting.DrainLimitMilliseconds': 'How long a recycle waits for work on the old connections before it cuts them.',
  'setting.AtRestEncryptKey': 'Kept for compatibility, not used.',
  'setting.DisableDatabaseSearch': 'Whether searches in the database are refused.',
  'setting.ReplicaLagSettings': 'Kept for compatibility, not used: lag is measured without queries written by hand.',
  'setting.ReplicaMonitorIntervalSeconds': 'Kept for compatibility, not used: see MonitorIntervalMilliseconds.',
} as const;
