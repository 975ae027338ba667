/* Leading whoever is not logged in to the login page. Loop thread. The page itself and what it
 * sends are endpoints (endpoints.h). */
#ifndef WEB_SERVER_LOGIN_H
#define WEB_SERVER_LOGIN_H

#include "web/server/request.h"

/* 303 to the login, which leads back to what was asked for. */
enum MHD_Result login_redirect(const struct request *request);

struct call;

/* Whose sessions or tokens are asked for: the caller's, or with ?all=true everybody's (0),
 * which only an admin may. Nobody's (-1) where there are no accounts. */
must_check bool login_whose(struct call *call, int64_t *ret_account, struct fault *fault);

/* Read the directory anew on the writer's connection, so that it is in place before the answer
 * is given. */
must_check bool login_renew(struct call *call, struct store *store, struct fault *fault);

#endif
