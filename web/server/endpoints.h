/* The API's endpoints, one struct each; web/openapi.yaml says what they take and answer. */
#ifndef WEB_SERVER_ENDPOINTS_H
#define WEB_SERVER_ENDPOINTS_H

#include "web/server/endpoint.h"

extern const struct endpoint endpoint_add;    /* POST /api/v1/add */
extern const struct endpoint endpoint_opml;   /* POST /api/v1/feeds.opml */
extern const struct endpoint endpoint_search; /* GET /api/v1/search */

extern const struct endpoint endpoint_feeds_activity; /* GET /api/v1/feeds/activity */
extern const struct endpoint endpoint_feed;           /* GET /api/v1/feeds/{} */
extern const struct endpoint endpoint_feed_patch;     /* PATCH /api/v1/feeds/{} */
extern const struct endpoint endpoint_feed_delete;    /* DELETE /api/v1/feeds/{} */
extern const struct endpoint endpoint_feed_poll;      /* POST /api/v1/feeds/{}/poll */

extern const struct endpoint endpoint_rules;         /* GET /api/v1/rules */
extern const struct endpoint endpoint_rules_put;     /* PUT /api/v1/rules, /api/v1/vendors */
extern const struct endpoint endpoint_rules_try;     /* POST /api/v1/rules/try */
extern const struct endpoint endpoint_confusion;     /* GET /api/v1/rules/confusion */
extern const struct endpoint endpoint_hits;          /* GET /api/v1/rules/hits */
extern const struct endpoint endpoint_rule_delete;   /* DELETE /api/v1/rules/{section}/{name} */
extern const struct endpoint endpoint_topic_delete;  /* DELETE /api/v1/topics/{name} */
extern const struct endpoint endpoint_vendors;       /* GET /api/v1/vendors */
extern const struct endpoint endpoint_vendor_delete; /* DELETE /api/v1/vendors/{name} */

extern const struct endpoint endpoint_stories;   /* GET /api/v1/stories */
extern const struct endpoint endpoint_counts;    /* GET /api/v1/counts */
extern const struct endpoint endpoint_related;   /* GET /api/v1/stories/{}/related */
extern const struct endpoint endpoint_story;     /* GET /api/v1/stories/{} */
extern const struct endpoint endpoint_split;     /* POST /api/v1/stories/{}/split */
extern const struct endpoint endpoint_merges;    /* POST /api/v1/merges */
extern const struct endpoint endpoint_decisions; /* POST /api/v1/decisions */
extern const struct endpoint endpoint_item;      /* GET /api/v1/items/{} */
extern const struct endpoint endpoint_content;   /* GET /api/v1/items/{}/content */

extern const struct endpoint endpoint_drafts;       /* GET /api/v1/drafts */
extern const struct endpoint endpoint_draft;        /* GET /api/v1/draft, /api/v1/drafts/{} */
extern const struct endpoint endpoint_draft_patch;  /* PATCH of the same */
extern const struct endpoint endpoint_draft_accept; /* POST /api/v1/draft/accept */

extern const struct endpoint endpoint_draft_guide;    /* GET /api/v1/draft/guide */
extern const struct endpoint endpoint_draft_findings; /* GET /api/v1/draft/findings */
extern const struct endpoint endpoint_draft_diff;     /* GET /api/v1/draft/diff */
extern const struct endpoint endpoint_draft_proof;    /* GET /api/v1/drafts/{}/proof/{} */

extern const struct endpoint endpoint_publish;        /* POST /api/v1/publish */
extern const struct endpoint endpoint_reopen;         /* POST /api/v1/issues/{}/reopen */
extern const struct endpoint endpoint_issues;         /* GET /api/v1/issues */
extern const struct endpoint endpoint_issue;          /* GET /api/v1/issues/{} */
extern const struct endpoint endpoint_issue_versions; /* GET /api/v1/issues/{}/versions */

extern const struct endpoint endpoint_issue_list;  /* GET /issues/ */
extern const struct endpoint endpoint_issue_page;  /* GET /issues/{} */
extern const struct endpoint endpoint_issues_atom; /* GET /issues.atom */
extern const struct endpoint endpoint_issues_feed; /* GET /issues.json */

extern const struct endpoint endpoint_picks;       /* POST /api/v1/picks */
extern const struct endpoint endpoint_pick_patch;  /* PATCH /api/v1/picks/{} */
extern const struct endpoint endpoint_pick_delete; /* DELETE /api/v1/picks/{} */
extern const struct endpoint endpoint_moves;       /* POST /api/v1/moves */

extern const struct endpoint endpoint_log;  /* GET /api/v1/log */
extern const struct endpoint endpoint_undo; /* POST /api/v1/undo */
extern const struct endpoint endpoint_redo; /* POST /api/v1/redo */

extern const struct endpoint endpoint_login_page; /* GET /login */
extern const struct endpoint endpoint_login;      /* POST /login */
extern const struct endpoint endpoint_logout;     /* POST /logout */

extern const struct endpoint endpoint_me;              /* GET /api/v1/me */
extern const struct endpoint endpoint_password;        /* PUT /api/v1/me/password */
extern const struct endpoint endpoint_sessions;        /* GET /api/v1/sessions */
extern const struct endpoint endpoint_sessions_delete; /* DELETE of the same */
extern const struct endpoint endpoint_session_delete;  /* DELETE /api/v1/sessions/{} */
extern const struct endpoint endpoint_tokens;          /* GET /api/v1/tokens */
extern const struct endpoint endpoint_tokens_post;     /* POST of the same */
extern const struct endpoint endpoint_token_delete;    /* DELETE /api/v1/tokens/{} */
extern const struct endpoint endpoint_users;           /* GET /api/v1/users */
extern const struct endpoint endpoint_users_post;      /* POST of the same */
extern const struct endpoint endpoint_user_patch;      /* PATCH /api/v1/users/{} */
extern const struct endpoint endpoint_user_delete;     /* DELETE /api/v1/users/{} */

#endif
