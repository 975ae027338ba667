/* 401 says that nobody is known, 403 that somebody is who may not. A program is told; a browser
 * that asks for a page is led to the login instead, unless it sent a token, for which no login
 * is a cure. */
#include "web/server/gate.h"

#include <stdio.h>

#include "base/clock.h"
#include "web/server/peer.h"

static const struct request_refusal not_logged_in = {
    401, "Log in first: send the session's cookie, or a token as 'Authorization: Bearer …'."};

/* A proxy comes by loopback, too, and behind it may be anybody. */
static const struct request_refusal forwarded = {403,
    "This was forwarded by a proxy, and without an account only this machine is served: add an "
    "account with 'briefd user add', and name the proxy in 'server { proxies }'."};

static bool is_forwarded(const struct request *request)
{
    static const char *const headers[] = {"Forwarded", MHD_HTTP_HEADER_VIA, "X-Forwarded-For",
        "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"};
    for (size_t i = 0; i < array_count(headers); i++) {
        if (request_header(request, headers[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static struct caller identify(const struct request *request)
{
    const struct access_claim claim = {
        .authorization = request_header(request, MHD_HTTP_HEADER_AUTHORIZATION),
        .cookie = request_header(request, MHD_HTTP_HEADER_COOKIE),
        .editor = request_header(request, "Briefd-Editor"),
        .secure = peer_is_secure(request),
    };
    return access_identify(request->access, &claim, clock_now_utc_s());
}

const struct request_refusal *gate_check(struct request *request, enum access_need need)
{
    request->caller = identify(request);
    if (request->caller.open && need != ACCESS_ANYONE && is_forwarded(request)) {
        return &forwarded;
    }
    if (access_allows(&request->caller, need)) {
        return NULL;
    }
    if (request->caller.role == ACCOUNT_NOBODY) {
        request->to_login = request_wants_page(request);
        return request->to_login ? NULL : &not_logged_in;
    }
    snprintf(request->refused, sizeof(request->refused),
        "This takes the role or scope '%s', which is not given here to '%s'.",
        access_need_name(need), request->caller.name);
    request->refusal = (struct request_refusal){403, request->refused};
    return &request->refusal;
}
