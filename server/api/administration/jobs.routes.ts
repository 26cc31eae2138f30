import { createJobRequest, setJobStatusRequest } from '../../../contract/index.ts';
import type { Administration } from '../../services/index.ts';
import { limitsOf, route, type RouteSpec } from '../http/index.ts';

/** Work that the server does for administrators. */
export function createJobsRoutes({ jobs }: Administration): RouteSpec[] {
  return [
    route({ method: 'get', path: '/jobs', access: 'admin' }, ({ caller, query }) =>
      jobs.list(caller, limitsOf(query), query.get('job_type') || undefined),
    ),
    route(
      {
        method: 'post',
        path: '/jobs',
        access: 'admin',
        body: createJobRequest,
        status: 201,
        audited: true,
      },
      ({ caller, body }) => jobs.create(caller, body.type, body.data ?? {}),
    ),
    route({ method: 'get', path: '/jobs/:job_id', access: 'admin' }, ({ caller, params }) =>
      jobs.find(caller, params.job_id),
    ),
    route({ method: 'get', path: '/jobs/type/:job_type', access: 'admin' }, ({ caller, params, query }) =>
      jobs.list(caller, limitsOf(query), params.job_type),
    ),
    route({ method: 'post', path: '/jobs/:job_id/cancel', access: 'admin', audited: true }, ({ caller, params }) =>
      jobs.cancel(caller, params.job_id),
    ),
    route(
      {
        method: 'patch',
        path: '/jobs/:job_id/status',
        access: 'admin',
        body: setJobStatusRequest,
        audited: true,
      },
      ({ caller, params, body }) => jobs.setStatus(caller, params.job_id, body.status, body.force),
    ),
  ];
}
