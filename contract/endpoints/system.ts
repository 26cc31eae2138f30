import { z } from 'zod';
import { configAnswer } from '../config.ts';
import { configComparisonResponse, configRestoreResponse } from '../config-versions.ts';
import {
  configStatus,
  databaseEvent,
  databaseStatus,
  dataSourceStatus,
  operation,
  reloadResponse,
  switchoverResponse,
  testResponse,
} from '../console.ts';
import { databaseHistory } from '../history.ts';
import { stringMap } from '../ids.ts';
import { logPage } from '../logs.ts';
import { masterWriteResponse } from '../master-write.ts';
import { clientLogAnswer } from '../realtime.ts';
import { recycleResponse } from '../recycle.ts';
import { sourceError } from '../rotation.ts';
import { type Endpoints, nothing, systemAdmin } from './endpoint.ts';

const looking = ['sysconsole_read_environment_database'];

const bootEndpoints: Endpoints = {
  'GET /openapi.json': {
    summary: 'This description.',
    permissions: [],
    answer: z.looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) }),
  },
  'GET /config/client': {
    summary: 'What a client needs to know of the configuration.',
    permissions: [],
    query: ['format'],
    answer: stringMap,
  },
  'GET /license/client': { summary: 'The licence: none.', permissions: [], query: ['format'], answer: stringMap },
  'GET /system/ping': {
    summary: 'Whether the server is well.',
    permissions: [],
    query: ['get_server_status', 'use_rest_semantics', 'device_id'],
    answer: stringMap,
  },
  'GET /system/timezones': { summary: 'All time zones.', permissions: [], answer: z.array(z.string()) },
  'GET /system/notices/{team_id}': { summary: 'Notices of the maker: none.', permissions: [], answer: nothing },
  'GET /plugins/webapp': { summary: 'Plugins for browsers: none.', permissions: [], answer: nothing },
  'GET /groups': { summary: 'Groups: none.', permissions: [], answer: nothing },
  'GET /custom_profile_attributes/fields': { summary: 'A paid feature: none.', permissions: [], answer: nothing },
  'POST /logs': {
    summary: 'Writes what a client reports into the log.',
    permissions: [],
    answer: clientLogAnswer,
  },
  'POST /client_perf': { summary: 'Takes measurements of clients and forgets them.', permissions: [] },
  'GET /limits/server': {
    summary: 'Limits of a licence: none.',
    permissions: [],
    answer: z.object({ activeUserCount: z.int(), maxUsersLimit: z.int() }),
  },
  'GET /usage/posts': { summary: 'About how many posts.', permissions: [], answer: z.object({ count: z.int() }) },
  'GET /usage/teams': {
    summary: 'How many teams.',
    permissions: [],
    answer: z.object({ active: z.int(), cloud_archived: z.int() }),
  },
  'GET /usage/storage': { summary: 'Bytes of files.', permissions: [], answer: z.object({ bytes: z.int() }) },
  'GET /redirect_location': {
    summary: 'Where a link leads: not looked at.',
    permissions: [],
    query: ['url'],
    answer: z.object({ location: z.string() }),
  },
  'POST /opengraph': { summary: 'Pages of others are not fetched.', permissions: [], answer: 'refused' },
};

const configEndpoints: Endpoints = {
  'GET /config': {
    summary: 'The running configuration as far as the caller may read it, its secrets masked.',
    permissions: ['sysconsole_read_*'],
    query: ['remove_masked', 'remove_defaults'],
    answer: configAnswer,
  },
  'PUT /config': {
    summary: 'Writes the whole configuration to the file and runs it; masked secrets stay. Touches no pool.',
    permissions: ['sysconsole_write_*'],
    answer: configAnswer,
  },
  'PUT /config/patch': {
    summary: 'Writes settings to the file and runs them; what is not given stays. Touches no pool.',
    permissions: ['sysconsole_write_*'],
    answer: configAnswer,
  },
  'POST /config/migrate': {
    summary: 'The file is the only place of the configuration.',
    permissions: systemAdmin,
    answer: 'refused',
  },
  'GET /config/environment': {
    summary: 'Which settings come from the environment.',
    permissions: ['sysconsole_read_*'],
    answer: z.record(z.string(), z.record(z.string(), z.literal(true))),
  },
  'GET /config/status': {
    summary: 'Ours: on disk, running, live pools, and how they differ.',
    permissions: looking,
    answer: configStatus,
  },
  'POST /config/reload': {
    summary: 'Makes the file the running configuration. Touches no pool.',
    permissions: ['reload_config'],
    query: ['dry_run'],
    answer: reloadResponse,
  },
  'POST /config/master': {
    summary: 'Ours: writes the followed master into the file.',
    permissions: systemAdmin,
    query: ['dry_run'],
    answer: masterWriteResponse,
  },
  'GET /config/versions/{sha}/changes': {
    summary: 'Ours: how a former version differs.',
    permissions: systemAdmin,
    query: ['to'],
    answer: configComparisonResponse,
  },
  'POST /config/versions/{sha}/restore': {
    summary: 'Ours: writes a former version into the file.',
    permissions: systemAdmin,
    answer: configRestoreResponse,
  },
  'GET /logs/lines': {
    summary: 'Ours: the end of the log.',
    permissions: ['get_logs'],
    query: ['after'],
    answer: logPage,
  },
};

const databaseEndpoints: Endpoints = {
  'GET /database/status': { summary: 'Ours: every database live.', permissions: looking, answer: databaseStatus },
  'POST /database/test': {
    summary: 'Ours: tests the databases of the file.',
    permissions: ['sysconsole_write_environment_database'],
    query: ['source'],
    answer: testResponse,
  },
  'POST /database/rotation': {
    summary: 'Ours: takes a replica out of the reads, or back.',
    permissions: systemAdmin,
    answer: dataSourceStatus,
  },
  'POST /database/recycle': {
    summary: 'Moves to the databases of the running configuration.',
    permissions: ['recycle_database_connections'],
    query: ['dry_run'],
    answer: recycleResponse,
  },
  'POST /database/switchover': {
    summary: 'Ours: moves the master role in good order.',
    permissions: systemAdmin,
    query: ['dry_run'],
    answer: switchoverResponse,
  },
  'GET /database/operations': {
    summary: 'Ours: reloads, recycles and switchovers.',
    permissions: looking,
    answer: z.array(operation),
  },
  'GET /database/operations/{operation_id}': { summary: 'Ours: one of them.', permissions: looking, answer: operation },
  'POST /database/operations/{operation_id}/cancel': {
    summary: 'Ours: asks for one of them to stop.',
    permissions: ['recycle_database_connections'],
    answer: operation,
  },
  'GET /database/events': {
    summary: 'Ours: what happened to the databases.',
    permissions: looking,
    query: ['after', 'limit'],
    answer: z.array(databaseEvent),
  },
  'GET /database/history': {
    summary: 'Ours: how the figures were.',
    permissions: looking,
    query: ['range'],
    answer: databaseHistory,
  },
  'GET /database/errors': {
    summary: 'Ours: the last errors of a database.',
    permissions: looking,
    query: ['source'],
    answer: z.array(sourceError),
  },
};

export const systemEndpoints: Endpoints = { ...bootEndpoints, ...configEndpoints, ...databaseEndpoints };
