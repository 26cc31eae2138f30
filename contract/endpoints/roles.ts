import { z } from 'zod';
import { role } from '../role.ts';
import type { Endpoints } from './endpoint.ts';

const reading = ['sysconsole_read_user_management_permissions'];
const writing = ['sysconsole_write_user_management_permissions'];
const scheme = { summary: 'Schemes: a paid feature.', answer: 'refused' } as const;

const schemeEndpoints: Endpoints = {
  'GET /schemes': {
    summary: 'Permission schemes: none.',
    permissions: reading,
    query: ['page', 'per_page', 'scope'],
    answer: z.array(z.never()),
  },
  'POST /schemes': { ...scheme, permissions: writing },
  'GET /schemes/{scheme_id}': { ...scheme, permissions: reading },
  'GET /schemes/{scheme_id}/teams': { ...scheme, permissions: reading, query: ['page', 'per_page'] },
  'GET /schemes/{scheme_id}/channels': { ...scheme, permissions: reading, query: ['page', 'per_page'] },
  'PUT /schemes/{scheme_id}/patch': { ...scheme, permissions: writing },
  'DELETE /schemes/{scheme_id}': { ...scheme, permissions: writing },
  'PUT /teams/{team_id}/scheme': { ...scheme, permissions: ['manage_system'] },
  'PUT /channels/{channel_id}/scheme': { ...scheme, permissions: ['manage_system'] },
};

export const roleEndpoints: Endpoints = {
  ...schemeEndpoints,
  'GET /roles': { summary: 'All roles.', permissions: ['manage_system'], answer: z.array(role) },
  'POST /roles/names': { summary: 'Roles by their names.', permissions: [], answer: z.array(role) },
  'GET /roles/name/{role_name}': { summary: 'One role by its name.', permissions: [], answer: role },
  'GET /roles/{role_id}': { summary: 'One role.', permissions: [], answer: role },
  'PUT /roles/{role_id}/patch': {
    summary: 'Changes what a role brings.',
    permissions: [
      'sysconsole_write_user_management_permissions',
      'sysconsole_write_user_management_system_roles',
      'manage_system',
    ],
    answer: role,
  },
  'GET /permissions/ancillary': {
    summary: 'What parts of the System Console need besides their own permissions.',
    permissions: [],
    query: ['subsection_permissions'],
    answer: z.array(z.string()),
  },
  'POST /permissions/ancillary': {
    summary: 'The same, asked for by a body.',
    permissions: [],
    answer: z.array(z.string()),
  },
};
