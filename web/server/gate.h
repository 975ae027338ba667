/* Whether a request may go on to its route: who sends it, and what the route asks of him.
 * Before its body is read. Loop thread. */
#ifndef WEB_SERVER_GATE_H
#define WEB_SERVER_GATE_H

#include "web/server/request.h"

/* Fill request->caller. NULL: it may go on, or, with request->to_login, be led to the login
 * page; else why it is refused. */
const struct request_refusal *gate_check(struct request *request, enum access_need need);

#endif
