import { z } from 'zod';
import { role } from '../role.ts';
import type { Endpoints } from './endpoint.ts';

export const roleEndpoints: Endpoints = {
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
