import { z } from 'zod';
import {
  analyticsAnswer,
  audit,
  clusterStatusAnswer,
  integrityAnswer,
  job,
  logLinesAnswer,
  logQueryAnswer,
  pluginsAnswer,
  schemaVersionAnswer,
  serverBusy,
  userReport,
  usersStats,
} from '../administration.ts';
import { stringMap } from '../ids.ts';
import { user } from '../user.ts';
import { type Endpoint, type Endpoints, nothing, ownAccount, systemAdmin } from './endpoint.ts';

const jobs = ['manage_jobs'];
const readingJobs = ['read_jobs'];
const users = ['sysconsole_read_user_management_users'];
const setting = z.object({ name: z.string(), value: z.string() });

const logs: Endpoints = {
  'GET /logs': {
    summary: 'The end of the log, page by page, newest page first; each line is JSON.',
    permissions: ['get_logs'],
    query: ['page', 'logs_per_page'],
    answer: logLinesAnswer,
  },
  'POST /logs/query': {
    summary: 'Lines of the log by level and time, by server.',
    permissions: ['get_logs'],
    query: ['page', 'logs_per_page'],
    answer: logQueryAnswer,
  },
  'GET /logs/download': { summary: 'The end of the log as a file.', permissions: ['get_logs'], answer: 'bytes' },
};

const reportFilters = [
  ...(['role_filter', 'team_filter', 'has_no_team', 'hide_active', 'hide_inactive', 'search_term'] as const),
];

const statistics: Endpoints = {
  'GET /analytics/old': {
    summary: 'Figures of the server or of a team; -1 was not counted.',
    permissions: ['get_analytics'],
    query: ['name', 'team_id'],
    answer: analyticsAnswer,
  },
  'GET /users/stats/filtered': {
    summary: 'How many users there are of a kind.',
    permissions: users,
    query: ['in_team', 'in_channel', 'include_deleted', 'roles', 'team_roles', 'channel_roles'],
    answer: usersStats,
  },
  'GET /reports/users': {
    summary: 'Users with their last activity, in any order.',
    permissions: users,
    query: [
      ...(['sort_column', 'sort_direction', 'page_size', 'direction', 'from_id', 'from_column_value'] as const),
      ...reportFilters,
    ],
    answer: z.array(userReport),
  },
  'GET /reports/users/count': {
    summary: 'How many users such a report has.',
    permissions: users,
    query: reportFilters,
    answer: z.int(),
  },
  'GET /audits': {
    summary: 'Who did what, newest first.',
    permissions: ['read_audits'],
    query: ['page', 'per_page'],
    answer: z.array(audit),
  },
  'GET /users/{user_id}/audits': {
    summary: 'What one user did, newest first.',
    permissions: ['self', 'edit_other_users'],
    query: ['page', 'per_page'],
    answer: z.array(audit),
  },
};

const work: Endpoints = {
  'GET /jobs': {
    summary: 'Work of the server, newest first.',
    permissions: readingJobs,
    query: ['page', 'per_page', 'job_type'],
    answer: z.array(job),
  },
  'POST /jobs': { summary: 'Asks for work: `integrity` or `tidy`.', permissions: jobs, answer: job },
  'GET /jobs/{job_id}': { summary: 'One job.', permissions: readingJobs, answer: job },
  'GET /jobs/type/{job_type}': {
    summary: 'Jobs of a type, newest first.',
    permissions: readingJobs,
    query: ['page', 'per_page'],
    answer: z.array(job),
  },
  'POST /jobs/{job_id}/cancel': { summary: 'Ends a job at its next step.', permissions: jobs },
  'PATCH /jobs/{job_id}/status': { summary: 'Puts a job back, or ends it.', permissions: jobs },
};

const server: Endpoints = {
  'POST /server_busy': {
    summary: 'For a while refuses what people can do without.',
    permissions: systemAdmin,
    query: ['seconds'],
  },
  'GET /server_busy': { summary: 'Whether the server is busy.', permissions: systemAdmin, answer: serverBusy },
  'DELETE /server_busy': { summary: 'Ends that the server is busy.', permissions: systemAdmin },
  'POST /caches/invalidate': {
    summary: 'Forgets what is kept in memory of the database.',
    permissions: ['invalidate_caches'],
  },
  'POST /integrity': {
    summary: 'Looks for rows whose other half is missing.',
    permissions: systemAdmin,
    answer: integrityAnswer,
  },
  'POST /site_url/test': { summary: 'Whether this server answers under an address.', permissions: ['test_site_url'] },
  'POST /file/test': { summary: 'Whether files can be written and read.', permissions: ['test_s3'] },
  'POST /file/s3_test': { summary: 'The same, under its old name.', permissions: ['test_s3'] },
  'POST /email/test': { summary: 'The server sends no mail.', permissions: ['test_email'], answer: 'refused' },
  'GET /system/schema/version': {
    summary: 'The steps of the schema.',
    permissions: systemAdmin,
    answer: schemaVersionAnswer,
  },
  'GET /system/support_packet': {
    summary: 'The masked configuration, the state of the databases and the log, as an archive.',
    permissions: systemAdmin,
    answer: 'bytes',
  },
  'GET /cluster/status': {
    summary: 'Servers that know of each other: none.',
    permissions: ['sysconsole_read_environment_high_availability'],
    answer: clusterStatusAnswer,
  },
  'POST /users/sessions/revoke/all': { summary: 'Signs everybody out.', permissions: systemAdmin },
  'POST /users/{user_id}/email/verify/member': {
    summary: 'Takes an address as that of its user, without a mail.',
    permissions: systemAdmin,
    answer: user,
  },
};

const empty: Endpoints = {
  'GET /plugins': { summary: 'Plugins: none.', permissions: ['sysconsole_read_plugins'], answer: pluginsAnswer },
  'GET /plugins/statuses': {
    summary: 'States of plugins: none.',
    permissions: ['sysconsole_read_plugins'],
    answer: nothing,
  },
  'GET /plugins/marketplace': {
    summary: 'Plugins to be had: none.',
    permissions: ['sysconsole_read_plugins'],
    answer: nothing,
  },
  'GET /plugins/marketplace/first_admin_visit': {
    summary: 'Whether an administrator has looked at them: counts as yes.',
    permissions: systemAdmin,
    answer: setting,
  },
  'GET /system/onboarding/complete': {
    summary: 'Whether the server is set up: it is.',
    permissions: systemAdmin,
    answer: setting,
  },
  'GET /trial-license/prev': { summary: 'A former licence: none.', permissions: systemAdmin, answer: stringMap },
  'GET /license/load_metric': {
    summary: 'How far a licence is used up: there is none.',
    permissions: systemAdmin,
    answer: z.object({ load: z.int() }),
  },
};

/** Refused ones: what they are about, and in brackets who may ask. */
const refused: readonly [summary: string, permissions: readonly string[], keys: readonly string[]][] = [
  ['There is no licence.', ['manage_license_information'], ['POST /license', 'DELETE /license', 'POST /trial-license']],
  ['There is no Elasticsearch.', ['test_elasticsearch'], ['POST /elasticsearch/test']],
  ['There is no Elasticsearch.', ['purge_elasticsearch_indexes'], ['POST /elasticsearch/purge_indexes']],
  [
    'There is no SAML.',
    systemAdmin,
    [
      ...['POST /saml/metadatafromidp', 'GET /saml/certificate/status'],
      ...['public', 'private', 'idp'].flatMap((kind) => [
        `POST /saml/certificate/${kind}`,
        `DELETE /saml/certificate/${kind}`,
      ]),
    ],
  ],
  ['There is no SAML.', [], ['GET /saml/metadata']],
  [
    'There is no LDAP.',
    systemAdmin,
    [
      ...['POST /ldap/sync', 'POST /ldap/test', 'POST /ldap/test_connection', 'POST /ldap/test_diagnostics'],
      ...['GET /ldap/groups', 'POST /ldap/groups/{remote_id}/link', 'DELETE /ldap/groups/{remote_id}/link'],
      ...['public', 'private'].flatMap((kind) => [
        `POST /ldap/certificate/${kind}`,
        `DELETE /ldap/certificate/${kind}`,
      ]),
    ],
  ],
  [
    'Nothing is ever erased.',
    ['sysconsole_read_compliance_data_retention_policy'],
    ['GET /data_retention/policy', 'GET /data_retention/policies', 'GET /data_retention/policies_count'],
  ],
  [
    'There are no compliance reports.',
    ['read_compliance_export_job'],
    ['POST /compliance/reports', 'GET /compliance/reports', 'GET /compliance/reports/{report_id}'],
  ],
  ['There is no brand image.', ['edit_brand'], ['POST /brand/image', 'DELETE /brand/image']],
  ['There is no brand image.', [], ['GET /brand/image']],
  ['There is one way to sign in.', systemAdmin, ['PUT /users/{user_id}/auth']],
  ['There is one way to sign in.', [], ['POST /users/login/switch']],
  ['There is no second factor.', ownAccount, ['PUT /users/{user_id}/mfa', 'POST /users/{user_id}/mfa/generate']],
  ['There are no guests.', ['promote_guest'], ['POST /users/{user_id}/promote']],
  ['There are no guests.', ['demote_to_guest'], ['POST /users/{user_id}/demote']],
  [
    'There are no plugins.',
    ['sysconsole_write_plugins'],
    ['POST /plugins', 'POST /plugins/install_from_url', 'POST /plugins/marketplace'],
  ],
];

const refusedEndpoints: Endpoints = Object.fromEntries(
  refused.flatMap(([summary, permissions, keys]) =>
    keys.map((key): [string, Endpoint] => [key, { summary, permissions, answer: 'refused' }]),
  ),
);

export const administrationEndpoints: Endpoints = {
  ...logs,
  ...statistics,
  ...work,
  ...server,
  ...empty,
  ...refusedEndpoints,
};
