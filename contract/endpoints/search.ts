import { fileSearchAnswer, postSearchAnswer } from '../search.ts';
import type { Endpoints } from './endpoint.ts';

export const searchEndpoints: Endpoints = {
  'POST /teams/{team_id}/posts/search': {
    summary: "Finds posts in the caller's channels of a team and in direct ones, newest first.",
    permissions: ['view_team'],
    answer: postSearchAnswer,
  },
  'POST /posts/search': {
    summary: "Finds posts in all of the caller's channels, newest first.",
    permissions: [],
    answer: postSearchAnswer,
  },
  'POST /teams/{team_id}/files/search': {
    summary: "Finds files by their names in the caller's channels of a team and in direct ones, newest first.",
    permissions: ['view_team'],
    answer: fileSearchAnswer,
  },
  'POST /files/search': {
    summary: "Finds files by their names in all of the caller's channels, newest first.",
    permissions: [],
    answer: fileSearchAnswer,
  },
};
