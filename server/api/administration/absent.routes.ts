import { AppError } from '../../services/index.ts';
import { type Access, type Method, route, type RouteSpec } from '../http/index.ts';

/** Features that clients ask about without knowing whether they are there: the empty answer keeps them going. */
const emptyAnswers: readonly [path: string, answer: unknown][] = [
  ['/plugins', { active: [], inactive: [] }],
  ['/plugins/statuses', []],
  ['/plugins/marketplace', []],
  ['/plugins/marketplace/first_admin_visit', { name: 'FirstAdminVisitMarketplace', value: 'true' }],
  ['/trial-license/prev', { IsLicensed: 'false' }],
  ['/license/load_metric', { load: 0 }],
  // There is nothing to be set up before somebody may begin.
  ['/system/onboarding/complete', { name: 'FirstAdminSetupComplete', value: 'true' }],
];

/** What Mattermost's console may ask for and is told is not here. The words begin a sentence. */
const absentFeatures: readonly [feature: string, routes: readonly string[]][] = [
  ['Searching with Elasticsearch', ['POST /elasticsearch/test', 'POST /elasticsearch/purge_indexes']],
  [
    'Signing in with SAML',
    [
      ...['GET /saml/metadata', 'POST /saml/metadatafromidp', 'GET /saml/certificate/status'],
      ...['public', 'private', 'idp'].flatMap((kind) => [
        `POST /saml/certificate/${kind}`,
        `DELETE /saml/certificate/${kind}`,
      ]),
    ],
  ],
  [
    'Signing in with LDAP',
    [
      ...['POST /ldap/sync', 'POST /ldap/test', 'POST /ldap/test_connection', 'POST /ldap/test_diagnostics'],
      ...['GET /ldap/groups', 'POST /ldap/groups/:remote_id/link', 'DELETE /ldap/groups/:remote_id/link'],
      ...['public', 'private'].flatMap((kind) => [
        `POST /ldap/certificate/${kind}`,
        `DELETE /ldap/certificate/${kind}`,
      ]),
    ],
  ],
  [
    'Data retention',
    ['GET /data_retention/policy', 'GET /data_retention/policies', 'GET /data_retention/policies_count'],
  ],
  ['Compliance', ['POST /compliance/reports', 'GET /compliance/reports', 'GET /compliance/reports/:report_id']],
  ['A brand image', ['POST /brand/image', 'DELETE /brand/image']],
  ['A trial licence', ['POST /trial-license']],
  ['Another way to sign in', ['PUT /users/:user_id/auth', 'POST /users/login/switch']],
];

const method = (text: string): Method => text.toLowerCase() as Method;

function refusal(at: string, access: Access, error: () => AppError): RouteSpec {
  const [verb = '', path = ''] = at.split(' ');
  return route({ method: method(verb), path, access }, async () => {
    throw error();
  });
}

export function createAbsentRoutes(): RouteSpec[] {
  return [
    ...emptyAnswers.map(([path, answer]) => route({ method: 'get', path, access: 'admin' }, async () => answer)),
    ...absentFeatures.flatMap(([feature, routes]) =>
      routes.map((at) =>
        refusal(at, accessOf(at), () => new AppError('api.not_available.app_error', { params: { feature } })),
      ),
    ),
    ...['PUT /users/:user_id/mfa', 'POST /users/:user_id/mfa/generate'].map((at) =>
      refusal(at, 'session', () => new AppError('mfa.mfa_disabled.app_error')),
    ),
    ...['promote', 'demote'].map((verb) =>
      refusal(`POST /users/:user_id/${verb}`, 'admin', () => new AppError('api.guests.not_available.app_error')),
    ),
    ...['POST /plugins', 'POST /plugins/install_from_url', 'POST /plugins/marketplace'].map((at) =>
      refusal(at, 'admin', () => new AppError('app.plugin.disabled.app_error')),
    ),
    refusal('POST /license', 'admin', () => new AppError('api.license.add_license.invalid.app_error')),
    refusal('DELETE /license', 'admin', () => new AppError('api.license.remove_license.app_error')),
    refusal('GET /brand/image', 'public', () => new AppError('api.admin.get_brand_image.not_found.app_error')),
  ];
}

/** What the login page asks is answered to strangers. */
const accessOf = (at: string): Access => {
  if (at === 'POST /users/login/switch' || at === 'GET /saml/metadata') return 'public';
  return 'admin';
};
