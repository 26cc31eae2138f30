import type { Team, TeamMember } from '../../../contract/index.ts';
import type { Row } from '../../database/index.ts';

export interface TeamRow extends Row {
  readonly id: string;
  readonly createat: number;
  readonly updateat: number;
  readonly deleteat: number;
  readonly displayname: string;
  readonly name: string;
  readonly description: string;
  readonly email: string;
  readonly type: string;
  readonly companyname: string;
  readonly alloweddomains: string;
  readonly inviteid: string;
  readonly allowopeninvite: boolean;
  readonly lastteamiconupdate: number;
}

/** The columns of `TeamRow` out of `teams t`. */
export const teamColumns = `t.id, t.createat, t.updateat, t.deleteat, t.displayname, t.name, t.description, t.email,
    t.type, t.companyname, t.alloweddomains, t.inviteid, t.allowopeninvite, t.lastteamiconupdate`;

export function teamOf(row: TeamRow): Team {
  return {
    id: row.id,
    create_at: row.createat,
    update_at: row.updateat,
    delete_at: row.deleteat,
    display_name: row.displayname,
    name: row.name,
    description: row.description,
    email: row.email,
    type: row.type === 'O' ? 'O' : 'I',
    company_name: row.companyname,
    allowed_domains: row.alloweddomains,
    invite_id: row.inviteid,
    allow_open_invite: row.allowopeninvite,
    last_team_icon_update: row.lastteamiconupdate,
  };
}

/** A member as it is stored: `roles` of the API are made of the flags and the explicit roles by the rules of permissions. */
export type TeamMemberRecord = Omit<TeamMember, 'roles'>;

export interface TeamMemberRow extends Row {
  readonly teamid: string;
  readonly userid: string;
  readonly roles: string;
  readonly deleteat: number;
  readonly schemeuser: boolean;
  readonly schemeadmin: boolean;
  readonly schemeguest: boolean;
}

/** The columns of `TeamMemberRow` out of `teammembers m`. */
export const teamMemberColumns = 'm.teamid, m.userid, m.roles, m.deleteat, m.schemeuser, m.schemeadmin, m.schemeguest';

export function teamMemberOf(row: TeamMemberRow): TeamMemberRecord {
  return {
    team_id: row.teamid,
    user_id: row.userid,
    delete_at: row.deleteat,
    scheme_guest: row.schemeguest,
    scheme_user: row.schemeuser,
    scheme_admin: row.schemeadmin,
    explicit_roles: row.roles,
  };
}
